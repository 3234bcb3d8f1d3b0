from teams.admin import rosters as rosters
from teams.admin import teams as teams
