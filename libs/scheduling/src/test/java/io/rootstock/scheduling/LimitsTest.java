package io.rootstock.scheduling;

import static io.rootstock.scheduling.Jobs.HOUR;
import static io.rootstock.scheduling.Jobs.priced;
import static io.rootstock.scheduling.Jobs.running;
import static io.rootstock.scheduling.Jobs.snapshot;
import static io.rootstock.scheduling.Jobs.submitted;
import static io.rootstock.scheduling.Jobs.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    @Test
    void aRunningJobStopsWhenItsLimitCanBeExceededBeforeItCouldStopAtTheNextReport() {
        // 90 s at 40 dollars an hour are 1 dollar.
        Job within = running(priced(waiting("within", "users/a", 1, HOUR), new Cost(40, 9, 10, 60)), 0, 0);
        Job above = running(priced(waiting("above", "users/a", 1, HOUR), new Cost(40, 9.001, 10, 60)), 0, 0);
        Schedule schedule = Scheduler.schedule(snapshot(600, 2, within, above), Policy.DEFAULT);
        assertThat(schedule.pauses()).containsExactly(new Schedule.Pause(above, new Schedule.Limit.JobCost(10)));
    }

    @Test
    void aJobWhoseLimitDoesNotPayForAReportDoesNotStart() {
        Job job = priced(waiting("job", "users/a", 1, HOUR), new Cost(40, 9.5, 10, 60));
        Schedule schedule = Scheduler.schedule(snapshot(0, 2, job), Policy.DEFAULT);
        assertThat(schedule.starts()).isEmpty();
        assertThat(schedule.held()).containsExactly(new Schedule.Held(job, new Schedule.Limit.JobCost(10)));
    }

    @Test
    void jobsAtADeviceQuotaWaitAndOtherOwnersStart() {
        Quotas quotas = new Quotas(Map.of("groups/a", new Quota(1, 3, 1e9), "users/b", new Quota(1, 1, 1e9)));
        Job first = waiting("first", new Owner("groups/a", "users/1"), Priority.HIGH, 2, HOUR);
        Job second = submitted(waiting("second", new Owner("groups/a", "users/2"), Priority.HIGH, 2, HOUR), 1);
        Job third = submitted(waiting("third", "users/b", 1, HOUR), 2);
        Job fourth = submitted(waiting("fourth", "users/b", 1, HOUR), 3);
        Schedule schedule = Scheduler.schedule(snapshot(10, 8, quotas, first, second, third, fourth), Policy.DEFAULT);
        assertThat(Jobs.ids(schedule.starts())).containsExactly("first", "third");
        assertThat(schedule.held())
                .containsExactlyInAnyOrder(
                        new Schedule.Held(second, new Schedule.Limit.Devices("groups/a", 3)),
                        new Schedule.Held(fourth, new Schedule.Limit.Devices("users/b", 1)));
    }

    @Test
    void quotasAreNeverExceeded() {
        Quotas quotas = new Quotas(Map.of(
                "groups/a", new Quota(3, 7, 60),
                "groups/b", new Quota(1, 20, 25),
                "users/a0", new Quota(1, 4, 1e9)));
        Simulation simulation = new Simulation(20, quotas, Policy.DEFAULT);
        Random random = new Random(11);
        for (int i = 0; i < 300; i++) {
            String team = i % 2 == 0 ? "a" : "b";
            int devices = 1 + random.nextInt(4);
            Job job = waiting(
                    "j" + i,
                    new Owner("groups/" + team, "users/" + team + random.nextInt(3)),
                    Jobs.priority(random),
                    devices,
                    60 * (10 + random.nextInt(110)));
            simulation.jobs.add(priced(job, new Cost(devices, 0, 1e9, 60)));
        }
        simulation.run(24 * HOUR, jobs -> {
            assertThat(held(jobs, "groups/a")).isLessThanOrEqualTo(7);
            assertThat(held(jobs, "users/a0")).isLessThanOrEqualTo(4);
            assertThat(jobs.stream()
                            .filter(Job::isActive)
                            .mapToInt(Job::devices)
                            .sum())
                    .isLessThanOrEqualTo(20);
        });
        // The limit of the month is used up to the time of a few reactions.
        assertThat(simulation.dollars("groups/a")).isBetween(59.0, 60.0);
        assertThat(simulation.dollars("groups/b")).isBetween(24.0, 25.0);
    }

    private static int held(List<Job> jobs, String name) {
        return jobs.stream()
                .filter(job -> job.isActive() && Quotas.names(job.owner()).contains(name))
                .mapToInt(Job::devices)
                .sum();
    }

    @Test
    void theMonthOfATeamStopsJobsOfTheLowestClassFirst() {
        Quotas quotas = new Quotas(Map.of("groups/a", new Quota(1, 100, 100)));
        Owner owner = new Owner("groups/a", "users/a");
        Cost price = new Cost(40, 0, Double.POSITIVE_INFINITY, 60);
        Job low = running(priced(waiting("low", owner, Priority.LOW, 1, HOUR), price), 0, 0);
        Job high = running(priced(waiting("high", owner, Priority.HIGH, 1, HOUR), price), 100, 0);
        Job waits = priced(waiting("waits", owner, Priority.HIGH, 1, HOUR), price);
        Snapshot snapshot = new Snapshot(
                1000, Map.of(Jobs.GPU, 9), List.of(low, high, waits), quotas, Usage.NONE, Map.of("groups/a", 98.5));
        Schedule schedule = Scheduler.schedule(snapshot, Policy.DEFAULT);
        Schedule.Limit limit = new Schedule.Limit.MonthCost("groups/a", 100);
        assertThat(schedule.pauses()).containsExactly(new Schedule.Pause(low, limit));
        assertThat(schedule.held()).containsExactly(new Schedule.Held(waits, limit));
        assertThat(schedule.starts()).isEmpty();
    }

    @Test
    void theAffordableTimeEndsAReactionBeforeTheLimit() {
        assertThat(new Cost(3600, 10, 110, 60).affordableSeconds(30)).isCloseTo(10, within(1e-9));
        assertThat(new Cost(3600, 109, 110, 60).affordableSeconds(30)).isZero();
        assertThat(new Cost(0, 0, 1, 60).affordableSeconds(30)).isInfinite();
        assertThat(new Cost(5, 0, Double.POSITIVE_INFINITY, 60).affordableSeconds(30))
                .isInfinite();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void invalidPricesAndWeightsAreRejected(double value) {
        assertThatThrownBy(() -> new Cost(value, 0, 1, 60)).hasMessageContaining("dollarsPerHour");
        assertThatThrownBy(() -> new Quota(value, 1, 1)).hasMessageContaining("weight");
    }

    @Test
    void invalidRecordsAreRejectedWithTheirValue() {
        assertThatThrownBy(() -> waiting("job", "users/a", 0, 1)).hasMessage("job: devices must be at least 1, was 0");
        assertThatThrownBy(() -> waiting("job", "users/a", 1, Double.NaN))
                .hasMessage("job: remainingSeconds must be at least 0, was NaN");
        assertThatThrownBy(() -> new Cost(1, 0, -1, 60)).hasMessage("maxDollars must be at least 0, was -1.0");
        assertThatThrownBy(() -> new Cost(1, Double.NaN, 1, 60)).hasMessage("dollarsSpent must be at least 0, was NaN");
        assertThatThrownBy(() -> new Quota(1, -1, 1)).hasMessage("devices must be at least 0, was -1");
        assertThatThrownBy(() -> new Quota(1, 1, -1)).hasMessage("dollarsPerMonth must be at least 0, was -1.0");
        assertThatThrownBy(() -> new Policy(0, 1, 1, 1)).hasMessage("halfLife must be above 0, was 0.0");
        assertThatThrownBy(() -> new Policy(1, 1, 1, -1)).hasMessage("stop must be at least 0, was -1.0");
    }
}
