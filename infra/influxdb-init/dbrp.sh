#!/bin/bash
# Run once by InfluxDB's image after the setup of an empty volume, with its CLI signed in as the operator: InfluxQL asks by
# database and retention policy, and this says which bucket that is. Newer versions of 2.x guess the same; older ones do not.
# https://docs.influxdata.com/influxdb/v2/query-data/influxql/dbrp/
set -euo pipefail
influx v1 dbrp create --db "$DOCKER_INFLUXDB_INIT_BUCKET" --rp autogen --bucket-id "$DOCKER_INFLUXDB_INIT_BUCKET_ID" --default
