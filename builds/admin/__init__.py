from builds.admin import builds as builds
from builds.admin import gamedata as gamedata
