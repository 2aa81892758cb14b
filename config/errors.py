"""What can be wrong with settings; apart from them, since they take a while to import."""


class SettingsError(Exception):
    """A setting is unknown or impossible; the message names it and where it stands."""
