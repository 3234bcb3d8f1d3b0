from builds.admin import builds as builds
from builds.admin import gamedata as gamedata
from builds.admin import gear_runs as gear_runs
