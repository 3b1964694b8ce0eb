package io.rootstock.k8s;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides which TCP connections the network policies of a namespace allow: both sides must, and a pod that no policy selects
 * for a direction is not restricted in it. Address blocks and port names are errors.
 *
 * @param policies policies of the namespace
 * @param namespaceLabels labels of the namespace
 */
record Traffic(List<NetworkPolicy> policies, Map<String, String> namespaceLabels) {
    private static final String INGRESS = "Ingress";
    private static final String EGRESS = "Egress";

    /**
     * A pod.
     *
     * @param labels its labels
     * @param namespace labels of its namespace; empty: the namespace of the policies
     */
    record Pod(Map<String, String> labels, Optional<Map<String, String>> namespace) {}

    boolean allows(Pod from, Pod to, int port) {
        return isOpen(EGRESS, from, to, port) && isOpen(INGRESS, to, from, port);
    }

    private boolean isOpen(String direction, Pod pod, Pod other, int port) {
        if (pod.namespace().isPresent()) {
            return true;
        }
        List<NetworkPolicy> selecting = policies.stream()
                .filter(policy -> policy.getSpec().getPolicyTypes().contains(direction)
                        && matches(policy.getSpec().getPodSelector(), pod.labels()))
                .toList();
        return selecting.isEmpty()
                || selecting.stream()
                        .flatMap(policy -> rules(policy, direction))
                        .anyMatch(rule -> rule.allows(this, other, port));
    }

    /** Empty peers or ports mean all. */
    private record Rule(List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports) {
        boolean allows(Traffic traffic, Pod other, int port) {
            return (peers.isEmpty() || peers.stream().anyMatch(peer -> traffic.isPeer(peer, other)))
                    && (ports.isEmpty() || ports.stream().anyMatch(range -> contains(range, port)));
        }
    }

    private static Stream<Rule> rules(NetworkPolicy policy, String direction) {
        return direction.equals(INGRESS)
                ? policy.getSpec().getIngress().stream().map(rule -> new Rule(rule.getFrom(), rule.getPorts()))
                : policy.getSpec().getEgress().stream().map(rule -> new Rule(rule.getTo(), rule.getPorts()));
    }

    private boolean isPeer(NetworkPolicyPeer peer, Pod other) {
        if (peer.getIpBlock() != null) {
            throw new IllegalArgumentException("address blocks are not supported: " + peer.getIpBlock());
        }
        boolean namespace = peer.getNamespaceSelector() == null
                ? other.namespace().isEmpty()
                : matches(peer.getNamespaceSelector(), other.namespace().orElse(namespaceLabels));
        return namespace && (peer.getPodSelector() == null || matches(peer.getPodSelector(), other.labels()));
    }

    private static boolean contains(NetworkPolicyPort range, int port) {
        int first = range.getPort().getIntVal();
        int last = range.getEndPort() == null ? first : range.getEndPort();
        return range.getProtocol().equals("TCP") && first <= port && port <= last;
    }

    private static boolean matches(LabelSelector selector, Map<String, String> labels) {
        return (selector.getMatchLabels() == null
                        || labels.entrySet()
                                .containsAll(selector.getMatchLabels().entrySet()))
                && selector.getMatchExpressions().stream().allMatch(term -> matches(term, labels));
    }

    private static boolean matches(LabelSelectorRequirement term, Map<String, String> labels) {
        return switch (term.getOperator()) {
            case "In" -> term.getValues().contains(labels.getOrDefault(term.getKey(), ""));
            case "Exists" -> labels.containsKey(term.getKey());
            default -> throw new IllegalArgumentException("operator is not supported: " + term.getOperator());
        };
    }
}
