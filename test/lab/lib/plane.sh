# The control plane: etcd, API server, controller manager,
# scheduler and the volume provisioner, as processes of the host.

CONTROL_PLANE=(provisioner scheduler controller-manager apiserver etcd) # in the order of stopping

plane_up() {
  local gates=()
  [ -z "${LAB_FEATURE_GATES:-}" ] || gates=(--feature-gates "$LAB_FEATURE_GATES")
  mkdir -p "$RUN" "$LOG" "$NODES"
  "$LAB_SRC/lib/pki" "$PKI" "$HOST_IP"
  bridge_up
  kernel_settings_up
  etcd_up
  apiserver_up "${gates[@]}"
  wait_for 60 "the API server (its log: $LOG/apiserver.log)" api_ready
  controllers_up "${gates[@]}"
}

# As Elasticsearch's documentation asks of a Kubernetes node. The kernel has this one for all namespaces, so the
# machine's own value is kept to be put back.
kernel_settings_up() {
  [ -f "$RUN/max_map_count" ] || sysctl -n vm.max_map_count > "$RUN/max_map_count"
  sysctl -qw "vm.max_map_count=${LAB_MAX_MAP_COUNT:-1048576}"
}

kernel_settings_down() {
  [ ! -s "$RUN/max_map_count" ] || sysctl -qw "vm.max_map_count=$(cat "$RUN/max_map_count")"
}

etcd_up() {
  ensure etcd "$BIN/etcd" --name lab --data-dir "$STATE/etcd" --log-level warn \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
    --initial-cluster lab=http://127.0.0.1:2380 \
    --unsafe-no-fsync # the cluster's state need not survive a crash of the machine
}

apiserver_up() {
  ensure apiserver "$KUBE_BIN/kube-apiserver" \
    --etcd-servers http://127.0.0.1:2379 \
    --bind-address "$HOST_IP" --secure-port 6443 --advertise-address "$HOST_IP" --endpoint-reconciler-type lease \
    --service-cluster-ip-range "$SERVICE_NET" \
    --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged=true \
    --tls-cert-file "$PKI/apiserver.crt" --tls-private-key-file "$PKI/apiserver.key" --client-ca-file "$PKI/ca.crt" \
    --kubelet-client-certificate "$PKI/kubelet-client.crt" --kubelet-client-key "$PKI/kubelet-client.key" \
    --kubelet-certificate-authority "$PKI/ca.crt" --kubelet-preferred-address-types InternalIP \
    --service-account-issuer https://kubernetes.default.svc.cluster.local \
    --service-account-key-file "$PKI/sa.pub" --service-account-signing-key-file "$PKI/sa.key" \
    --requestheader-client-ca-file "$PKI/ca.crt" --requestheader-allowed-names front-proxy-client \
    --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
    --requestheader-extra-headers-prefix X-Remote-Extra- \
    --proxy-client-cert-file "$PKI/front-proxy.crt" --proxy-client-key-file "$PKI/front-proxy.key" \
    "$@"
}

controllers_up() {
  local manager=$PKI/controller-manager.kubeconfig scheduler=$PKI/scheduler.kubeconfig
  ensure controller-manager "$KUBE_BIN/kube-controller-manager" --bind-address 127.0.0.1 --leader-elect=false \
    --kubeconfig "$manager" --authentication-kubeconfig "$manager" --authorization-kubeconfig "$manager" \
    --service-account-private-key-file "$PKI/sa.key" --root-ca-file "$PKI/ca.crt" --use-service-account-credentials \
    --cluster-signing-cert-file "$PKI/ca.crt" --cluster-signing-key-file "$PKI/ca.key" \
    --cluster-cidr "$POD_NET" --service-cluster-ip-range "$SERVICE_NET" "$@"
  ensure scheduler "$KUBE_BIN/kube-scheduler" --bind-address 127.0.0.1 --leader-elect=false \
    --kubeconfig "$scheduler" --authentication-kubeconfig "$scheduler" --authorization-kubeconfig "$scheduler" "$@"
  ensure provisioner "$LAB_SRC/lib/provisioner"
}

api_ready() { [ "$(kube get --raw /readyz 2> /dev/null)" = ok ]; }

default_account_exists() { kube get serviceaccount default > /dev/null 2>&1; }

plane_down() {
  local name
  for name in "${CONTROL_PLANE[@]}"; do stop "$RUN/$name.pid"; done
}
