"""The pages for readers: the library, articles, asking, answers, sources, signing in."""

from api.web import asking, assets, feedback, library, signing_in, source

ROUTERS = (library.router, asking.router, feedback.router, source.router, signing_in.router, assets.router)
