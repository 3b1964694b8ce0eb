package io.rootstock.scheduling;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Used device time of each owner, decayed to one time: a device-second that was used a half-life ago counts half.
 *
 * @param deviceSeconds decayed device-seconds; an owner without an entry has used none
 */
public record Usage(SortedMap<Owner, Double> deviceSeconds) {
    /** No device has been used. */
    public static final Usage NONE = new Usage(new TreeMap<>());

    public Usage {
        deviceSeconds = Collections.unmodifiableSortedMap(new TreeMap<>(deviceSeconds));
    }

    /** Returns the decayed device-seconds of an owner. */
    public double of(Owner owner) {
        return deviceSeconds.getOrDefault(owner, 0.0);
    }

    /** Returns the usage after some time in which the running and stopping ones of these jobs have held their devices. */
    public Usage after(double seconds, List<Job> jobs, Policy policy) {
        double factor = policy.decay(seconds);
        TreeMap<Owner, Double> next = new TreeMap<>();
        for (Map.Entry<Owner, Double> entry : deviceSeconds.entrySet()) {
            next.put(entry.getKey(), entry.getValue() * factor);
        }
        return new Usage(next).plus(seconds, jobs, policy);
    }

    /**
     * Returns this usage, which is decayed to now already, with the device time that the running and stopping ones of these
     * jobs have used until now.
     */
    public Usage plus(double seconds, List<Job> jobs, Policy policy) {
        double span = policy.decayedSpan(seconds);
        TreeMap<Owner, Double> next = new TreeMap<>(deviceSeconds);
        for (Job job : jobs) {
            if (job.isActive()) {
                next.merge(job.owner(), job.devices() * span, Double::sum);
            }
        }
        return new Usage(next);
    }
}
