#!/usr/bin/env bash
# The guide's procedure for one tenant, as a person would put it into a script: guide.sh NAME. It looks for nothing that is
# there already, and makes all that the API keeps twice when it is run twice. API, KEY and SECRET are variables.
# With CHARTS, a folder, what runs in the cluster follows, by the commands and values of the pages
# that the guide refers to.
set -euo pipefail

call() { # ENDPOINT BODY [HEADER]
	curl --silent --show-error --fail --user "$KEY:$SECRET" --header 'Content-Type: application/json' \
		${3:+--header "$3"} --data "$2" "$API/$1"
}

id_in() {
	sed -E 's/.*"data" ?: ?\{[^}]*"id" ?: ?"([0-9a-f]+)".*/\1/'
}

entry() { # NAME ANSWER
	sed -E "s/.*\"$1\" ?: ?\"([^\"]+)\".*/\1/" <<<"$2"
}

# As the program does, it waits until the pods are ready. The values come by stdin.
install() { # RELEASE CHART
	helm upgrade -i -n "$name" "$1" "$CHARTS/$2" --create-namespace --wait --timeout 5m -f - >/dev/null
}

name=$1
company=$(call system.create_company "{\"name\": \"Company $name\"}" | id_in)
user=$(call auth.create_user "{\"name\": \"Admin of $name\", \"company\": \"$company\", \"email\": \"admin@$name.example\", \"role\": \"admin\", \"internal\": true}" | id_in)
agent=$(call auth.create_credentials "{\"label\": \"$name-agent\"}" "X-Clearml-Impersonate-As: $user")
call login.set_domains "{\"domains\": [\"$name.example\"]}" "X-Clearml-Act-As: $user" >/dev/null
call login.add_whitelist_entries "{\"emails\": [\"ann@$name.partner.example\"], \"is_admin\": true}" "X-Clearml-Act-As: $user" >/dev/null
call login.add_whitelist_entries "{\"emails\": [\"bob@$name.partner.example\", \"cleo@$name.partner.example\"], \"is_admin\": false}" "X-Clearml-Act-As: $user" >/dev/null
gateway=$(call auth.create_credentials "{\"label\": \"$name-gateway\"}" "X-Clearml-Impersonate-As: $user")
[ -n "${CHARTS-}" ] || exit 0

install "$name-agent" clearml-enterprise-agent <<VALUES
clearml:
  agentk8sglueKey: "$(entry access_key "$agent")"
  agentk8sglueSecret: "$(entry secret_key "$agent")"
agentk8sglue:
  apiServerUrlReference: "https://api.clearml.example"
  fileServerUrlReference: "https://files.clearml.example"
  webServerUrlReference: "https://app.clearml.example"
  createQueues: true
  queues:
    default: {}
VALUES

install "$name-gateway" clearml-enterprise-app-gateway <<VALUES
clearml:
  apiKey: "$(entry access_key "$gateway")"
  apiSecret: "$(entry secret_key "$gateway")"
  apiServerUrlReference: "https://api.clearml.example"
  authCookieName: "clearml_token_basic"
ingress:
  enabled: true
  hostName: "router.$name.example"
VALUES
