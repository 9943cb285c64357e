"""The image that the docker backend runs its workers in; made without a registry where need be."""

from sandbox.image.build import IMAGE, ROOT_LABEL, Source, build_image

__all__ = ["IMAGE", "ROOT_LABEL", "Source", "build_image"]
