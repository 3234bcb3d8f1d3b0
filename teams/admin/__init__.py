from teams.admin import teams as teams
