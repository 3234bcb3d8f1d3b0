"""The starter library: published builds that come with the project, as facts with their source and date."""
