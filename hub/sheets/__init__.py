"""Files of the county's data: CSV and XLSX to drafts and back, in a child process, so that calls never wait for it."""
