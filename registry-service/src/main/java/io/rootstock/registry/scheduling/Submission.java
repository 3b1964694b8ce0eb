package io.rootstock.registry.scheduling;

import io.rootstock.access.v1.Role;
import io.rootstock.registry.v1.JobPriority;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.scheduling.Owner;
import io.rootstock.scheduling.Priority;
import io.rootstock.service.Errors;
import io.rootstock.service.access.Caller;
import java.util.regex.Pattern;

/**
 * The fields of a new job that its scheduling depends on.
 *
 * @param maxCostDollars 0: no limit
 */
public record Submission(Owner owner, Priority priority, double maxCostDollars) {
    private static final Pattern TEAM = Pattern.compile("groups/[A-Za-z0-9._@+-]{1,128}");

    /**
     * Checks the fields; INVALID_ARGUMENT names the invalid one.
     *
     * @param owner name of the principal that the job belongs to
     */
    public static Submission of(JobSpec spec, String owner) {
        requireMaxCost(spec.getMaxCostDollars(), "spec.max_cost_dollars");
        return new Submission(
                spec.getTeam().isEmpty() ? Owner.alone(owner) : new Owner(team(spec), owner),
                priority(spec.getPriority()),
                spec.getMaxCostDollars());
    }

    /** Checks a cost limit; INVALID_ARGUMENT names the field. */
    public static void requireMaxCost(double maxCostDollars, String field) {
        if (!Double.isFinite(maxCostDollars) || maxCostDollars < 0) {
            throw Errors.invalidArgument(field, "must be at least 0, was " + maxCostDollars);
        }
    }

    private static String team(JobSpec spec) {
        String team = spec.getTeam();
        if (!TEAM.matcher(team).matches()) {
            throw Errors.invalidArgument("spec.team", "must be groups/{group}, was '" + team + "'");
        }
        Caller caller = Caller.current();
        if (!caller.groups().contains(team) && !caller.hasEverywhere(Role.ROLE_ADMIN)) {
            throw Errors.invalidArgument(
                    "spec.team",
                    caller.name() + " is not a member of " + team
                            + (caller.groups().isEmpty() ? "" : "; its groups are " + caller.groups()));
        }
        return team;
    }

    private static Priority priority(JobPriority priority) {
        return switch (priority) {
            case JOB_PRIORITY_UNSPECIFIED, JOB_PRIORITY_NORMAL -> Priority.NORMAL;
            case JOB_PRIORITY_LOW -> Priority.LOW;
            case JOB_PRIORITY_HIGH -> Priority.HIGH;
            case UNRECOGNIZED -> throw Errors.invalidArgument("spec.priority", "must be LOW, NORMAL or HIGH");
        };
    }
}
