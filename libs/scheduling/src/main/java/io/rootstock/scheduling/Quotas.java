package io.rootstock.scheduling;

import java.util.List;
import java.util.Map;

/** Quotas by the names of users and teams; a name without an entry has {@link Quota#DEFAULT}. */
public record Quotas(Map<String, Quota> byName) {
    /** Equal weights, without limits. */
    public static final Quotas NONE = new Quotas(Map.of());

    public Quotas {
        byName = Map.copyOf(byName);
    }

    /** Returns the quota of a user or team. */
    public Quota of(String name) {
        return byName.getOrDefault(name, Quota.DEFAULT);
    }

    /** Returns the names whose limits apply to an owner's jobs: the team, then the user; one name without a team. */
    static List<String> names(Owner owner) {
        return owner.team().equals(owner.user()) ? List.of(owner.user()) : List.of(owner.team(), owner.user());
    }
}
