package io.rootstock.trainer.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Settings of the Jobs.
 *
 * @param image image of this service, with the agent
 * @param serviceAccount account of the pods, which receive no token of it
 * @param nodeSelector labels that a node must have
 * @param tolerations taints that the pods tolerate
 * @param priorityClass empty: none
 * @param queue Kueue's local queue; empty: Jobs start at once
 * @param configMaps names of ConfigMaps whose entries are variables of the pods
 * @param secrets names of Secrets whose entries are variables of the pods
 * @param mounts names of mounted Secrets by path
 * @param cpu CPUs of a worker whose number of threads is not known
 * @param memoryBytes least memory of a worker
 * @param maxMemoryBytes memory up to which a worker gets twice as much after a kill for lack of memory; empty: it gets no more
 * @param diskBytes maximum size of a worker's files
 * @param gpu resource of which each worker gets one, such as {@code nvidia.com/gpu}; empty: none
 * @param lostNode time after which a pod on a node that does not answer is replaced
 * @param ttl time for which an ended Job is kept
 * @param grace time for the last checkpoint of a worker that is stopped
 * @param hang time without an event after which a worker is ended
 */
public record JobSettings(
        String image,
        String serviceAccount,
        Map<String, String> nodeSelector,
        List<Taint> tolerations,
        Optional<String> priorityClass,
        Optional<String> queue,
        List<String> configMaps,
        List<String> secrets,
        Map<String, String> mounts,
        double cpu,
        long memoryBytes,
        Optional<Long> maxMemoryBytes,
        long diskBytes,
        Optional<String> gpu,
        Duration lostNode,
        Duration ttl,
        Duration grace,
        Duration hang) {
    private static final String PREFIX = "rootstock.trainer.kubernetes.";

    /** Copies the collections. */
    public JobSettings {
        nodeSelector = Map.copyOf(nodeSelector);
        tolerations = List.copyOf(tolerations);
        configMaps = List.copyOf(configMaps);
        secrets = List.copyOf(secrets);
        mounts = Map.copyOf(mounts);
    }

    /**
     * A tolerated taint.
     *
     * @param value empty: every value
     * @param effect empty: every effect
     */
    public record Taint(String key, String value, String effect) {}

    /**
     * Parses pairs {@code key=value}, sorted by key.
     *
     * @param setting last part of the setting's name, for errors
     */
    public static Map<String, String> pairs(String setting, List<String> words) {
        Map<String, String> pairs = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1 || equals == word.length() - 1) {
                throw new IllegalArgumentException(PREFIX + setting + " must be a list of NAME=VALUE, was " + word);
            }
            pairs.put(
                    word.substring(0, equals).strip(),
                    word.substring(equals + 1).strip());
        }
        return pairs;
    }

    /** Parses taints {@code key[=value][:effect]}. */
    public static List<Taint> taints(List<String> words) {
        List<Taint> taints = new ArrayList<>();
        for (String word : words) {
            int colon = word.indexOf(':');
            String effect = colon < 0 ? "" : word.substring(colon + 1);
            String[] label = (colon < 0 ? word : word.substring(0, colon)).split("=", 2);
            if (label[0].isBlank()
                    || !List.of("", "NoSchedule", "PreferNoSchedule", "NoExecute")
                            .contains(effect)) {
                throw new IllegalArgumentException(PREFIX
                        + "tolerations must be a list of KEY[=VALUE][:EFFECT] with the effects NoSchedule,"
                        + " PreferNoSchedule and NoExecute, was " + word);
            }
            taints.add(new Taint(label[0].strip(), label.length == 2 ? label[1].strip() : "", effect));
        }
        return taints;
    }
}
