"""Errors that a person can fix: one sentence each, exit code 2."""

from __future__ import annotations


class MoviechatError(Exception):
    """Base of all errors; the message names the value, the place and what to do."""


class ParamsError(MoviechatError):
    """params.yaml or a profile has an invalid value."""


class DataError(MoviechatError):
    """A file is missing, damaged or of the wrong kind."""


class FetchError(MoviechatError):
    """Something remote (a URL, a package, a hub) could not be fetched."""


class BundleError(MoviechatError):
    """A bundle or an index folder is missing, incomplete or of another version."""


class ModelError(MoviechatError):
    """The language model could not be loaded, trained or queried."""


class RegistryError(MoviechatError):
    """The registry of bundles lacks what was requested."""
