"""The county's own data as files: what the API and the pages share of taking them in and handing them out."""
