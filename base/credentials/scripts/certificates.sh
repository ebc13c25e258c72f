# The authority and the nodes' certificate. Sourced, never run; each step says itself what happens when it fails, since `set -e` does not hold here.
# shellcheck shell=bash
# shellcheck source=base/credentials/scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# elasticsearch-certutil wants absolute paths and an output file that does not exist yet. There is no openssl in the image, so what renewal
# needs to know of a certificate (its end, its names) is kept as annotations of the Secret.

hosts() { # every name by which a node or a service is called: short, with namespace, and in full with the cluster's DNS domain
  local ns domain s list=localhost
  ns=$(< "$sa/namespace")
  domain=$(sed -nE "s/^search .*\b$ns\.svc\.([^ ]+).*/\1/p" "${RESOLV_CONF:-/etc/resolv.conf}")
  for s in elasticsearch kibana; do list+=,$s,$s.$ns,$s.$ns.svc,$s.$ns.svc.${domain:-cluster.local}; done
  echo "$list,*.elasticsearch-nodes.$ns,*.elasticsearch-nodes.$ns.svc,*.elasticsearch-nodes.$ns.svc.${domain:-cluster.local}"
}

certutil() { elasticsearch-certutil "$@" --silent --pem < /dev/null; }

in_days() { date -u -d "+$1 days" +%FT%TZ; }

authority() { # ca.crt and ca.key, made if there is none; fails when a formed cluster has lost its own
  if ! exists secrets/elasticsearch-ca; then
    if exists configmaps/elasticsearch-formed; then
      log "Secret elasticsearch-ca is gone, but the cluster has formed: a new authority would lock running nodes and clients out, so none is made." \
        "Restore the Secret from a backup, or run 'kubectl delete configmap elasticsearch-formed' to accept a new one and restart every node."
      return 1
    fi
    rm -f ca.zip
    certutil ca --out "$PWD/ca.zip" --days 3650 --ca-dn "CN=delivery-reviews $(< "$sa/namespace")" && unzip -qjo ca.zip || return
    create elasticsearch-ca "\"delivery-reviews.dev/expires\":\"$(in_days 3650)\"" ca.crt=ca.crt ca.key=ca.key || return
    exists secrets/elasticsearch-ca # the one that won, if two made one
  fi
  if ! value ca.crt ca.crt || ! value ca.key ca.key; then log "Secret elasticsearch-ca lacks ca.crt or ca.key"; return 1; fi
}

sign() { # tls.crt and tls.key
  authority || return
  rm -f tls.zip
  certutil cert --out "$PWD/tls.zip" --days "$CERTIFICATE_DAYS" --name tls --dns "$1" --ca-cert "$PWD/ca.crt" --ca-key "$PWD/ca.key" &&
    unzip -qjo tls.zip
}

certificate() { # Secret elasticsearch-tls: made when absent, renewed before its end or when the names change
  local names notes expires at
  names=$(hosts)
  notes="\"delivery-reviews.dev/expires\":\"$(in_days "$CERTIFICATE_DAYS")\",\"delivery-reviews.dev/hosts\":\"$names\""
  if ! exists secrets/elasticsearch-tls; then
    sign "$names" || return
    create elasticsearch-tls "$notes" ca.crt=ca.crt tls.crt=tls.crt tls.key=tls.key
    return
  fi
  expires=$(annotation expires) || return 0 # made by somebody else, who renews it
  if [ "$(date -d "$expires" +%s)" -gt "$(date -d "+$RENEW_BEFORE_DAYS days" +%s)" ] && [ "$(annotation hosts)" = "$names" ]; then return 0; fi
  at=$(version)
  sign "$names" || return
  replace elasticsearch-tls "$notes" "$at" ca.crt=ca.crt tls.crt=tls.crt tls.key=tls.key
}
