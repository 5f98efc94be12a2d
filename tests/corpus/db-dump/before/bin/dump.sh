#!/bin/bash
# Usage: dump.sh FOLDER. Run by cron; whatever it prints to standard error is mailed.
set -eu

folder=$1
today=$(date +%F)

"${DUMP_COMMAND:-pg_dump}" shop > "$folder/$today.sql"
gzip --force "$folder/$today.sql"

find "$folder" -name '*.sql.gz' -mtime +7 -delete
echo "$folder/$today.sql.gz"
