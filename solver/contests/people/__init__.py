"""How people did: published standings, ratings, performance."""
