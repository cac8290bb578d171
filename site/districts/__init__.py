"""Who and where: regions, districts, organisations, channels to help, members, vocabularies."""
