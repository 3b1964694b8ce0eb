package io.rootstock.scheduling;

import java.util.Comparator;

/**
 * The principals that a job is accounted to. Teams share the devices by their weights, users share their team's part.
 *
 * @param team name of the team; of a user without a team, the name of the user
 * @param user name of the user
 */
public record Owner(String team, String user) implements Comparable<Owner> {
    private static final Comparator<Owner> ORDER =
            Comparator.comparing(Owner::team).thenComparing(Owner::user);

    /** Returns the owner of jobs of a user without a team. */
    public static Owner alone(String user) {
        return new Owner(user, user);
    }

    @Override
    public int compareTo(Owner other) {
        return ORDER.compare(this, other);
    }
}
