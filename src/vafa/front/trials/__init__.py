"""Did it work: trials, their results, the monthly report, and the same for any outside table."""
