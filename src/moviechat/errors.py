"""The errors a person can do something about: one sentence each, exit code 2."""

from __future__ import annotations


class MoviechatError(Exception):
    """Base of every error whose message names the value, the place and the way out."""


class ParamsError(MoviechatError):
    """params.yaml (or a profile) says something that cannot be."""


class DataError(MoviechatError):
    """A file is missing, damaged or not what its name promises."""


class FetchError(MoviechatError):
    """Something that lives elsewhere (a URL, a package, a hub) could not be had."""


class BundleError(MoviechatError):
    """A bundle or an index folder is missing, incomplete or of another version."""


class ModelError(MoviechatError):
    """The language model could not be loaded, trained or asked."""


class RegistryError(MoviechatError):
    """The registry of bundles has not what is asked of it."""
