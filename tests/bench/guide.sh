#!/usr/bin/env bash
# The guide's calls for one tenant, by curl, as a person would put them into a script: guide.sh NAME. It looks for nothing that
# is there already, and makes everything twice when it is run twice. API, KEY and SECRET are variables.
set -euo pipefail

call() { # ENDPOINT BODY [HEADER]
	curl --silent --show-error --fail --user "$KEY:$SECRET" --header 'Content-Type: application/json' \
		${3:+--header "$3"} --data "$2" "$API/$1"
}

id_in() {
	sed -E 's/.*"data" ?: ?\{[^}]*"id" ?: ?"([0-9a-f]+)".*/\1/'
}

name=$1
company=$(call system.create_company "{\"name\": \"Company $name\"}" | id_in)
user=$(call auth.create_user "{\"name\": \"Admin of $name\", \"company\": \"$company\", \"email\": \"admin@$name.example\", \"role\": \"admin\", \"internal\": true}" | id_in)
call auth.create_credentials "{\"label\": \"$name-agent\"}" "X-Clearml-Impersonate-As: $user" >/dev/null
call login.set_domains "{\"domains\": [\"$name.example\"]}" "X-Clearml-Act-As: $user" >/dev/null
call login.add_whitelist_entries "{\"emails\": [\"ann@$name.partner.example\"], \"is_admin\": true}" "X-Clearml-Act-As: $user" >/dev/null
call login.add_whitelist_entries "{\"emails\": [\"bob@$name.partner.example\", \"cleo@$name.partner.example\"], \"is_admin\": false}" "X-Clearml-Act-As: $user" >/dev/null
call auth.create_credentials "{\"label\": \"$name-gateway\"}" "X-Clearml-Impersonate-As: $user" >/dev/null
