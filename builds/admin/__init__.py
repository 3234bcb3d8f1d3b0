from builds.admin import builds as builds
