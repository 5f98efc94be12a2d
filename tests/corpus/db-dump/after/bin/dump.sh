#!/bin/bash
# Usage: dump.sh FOLDER. Run by cron; whatever it prints to standard error is mailed.
set -eu

folder=$1
today=$(date +%F)

"${DUMP_COMMAND:-pg_dump}" shop | gzip > "$folder/$today.sql.gz.new"
mv "$folder/$today.sql.gz.new" "$folder/$today.sql.gz"

find "$folder" -name '*.sql.gz' -mtime +7 -delete
echo "$folder/$today.sql.gz"
