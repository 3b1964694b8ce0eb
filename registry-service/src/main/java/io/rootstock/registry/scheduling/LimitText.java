package io.rootstock.registry.scheduling;

import io.rootstock.scheduling.Schedule;
import java.util.Locale;

/** Messages of jobs that a limit holds or stops. */
final class LimitText {
    /** Begins the messages of jobs that a limit keeps from starting. */
    static final String HELD = "waits: ";

    private LimitText() {}

    static String held(Schedule.Limit limit) {
        return HELD
                + switch (limit) {
                    case Schedule.Limit.JobCost(double dollars) ->
                        "its cost limit of " + dollars(dollars) + " does not pay for the next minutes";
                    case Schedule.Limit.MonthCost(String name, double dollars) ->
                        name + " has reached its limit of " + dollars(dollars) + " in this month";
                    case Schedule.Limit.Devices(String name, int devices) ->
                        name + " holds the devices of its quota, " + devices;
                    case Schedule.Limit.Capacity(int devices) -> "the trainer has " + devices + " devices";
                };
    }

    static String paused(String job, Schedule.Limit limit, double spent) {
        return switch (limit) {
            case Schedule.Limit.JobCost(double dollars) ->
                "paused before its cost limit of " + dollars(dollars) + ", after " + dollars(spent)
                        + "; resume it with a higher limit: rootstock jobs resume " + job + " --max-cost DOLLARS";
            case Schedule.Limit.MonthCost(String name, double dollars) ->
                "paused before " + name + " exceeds its limit of " + dollars(dollars) + " in this month";
            case Schedule.Limit.Devices(String _, int _), Schedule.Limit.Capacity(int _) ->
                throw new IllegalArgumentException("a limit of devices does not stop a job: " + limit);
        };
    }

    private static String dollars(double value) {
        return String.format(Locale.ROOT, "$%.2f", value);
    }
}
