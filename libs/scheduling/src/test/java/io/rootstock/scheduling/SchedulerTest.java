package io.rootstock.scheduling;

import static io.rootstock.scheduling.Jobs.GPU;
import static io.rootstock.scheduling.Jobs.HOUR;
import static io.rootstock.scheduling.Jobs.ids;
import static io.rootstock.scheduling.Jobs.running;
import static io.rootstock.scheduling.Jobs.snapshot;
import static io.rootstock.scheduling.Jobs.starts;
import static io.rootstock.scheduling.Jobs.submitted;
import static io.rootstock.scheduling.Jobs.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    @Test
    void jobsOfOneUserStartInTheOrderOfTheirSubmission() {
        Job first = submitted(waiting("z", "users/a", 1, HOUR), 1);
        Job second = submitted(waiting("y", "users/a", 1, HOUR), 2);
        Job third = submitted(waiting("x", "users/a", 1, HOUR), 3);
        assertThat(starts(snapshot(10, 2, third, second, first))).containsExactly("z", "y");
        assertThat(starts(snapshot(10, 2, running(first, 5, 0), third, second))).containsExactly("y");
        assertThat(starts(snapshot(10, 2, running(first, 5, 0), running(second, 5, 0), third)))
                .isEmpty();
    }

    @Test
    void decisionsDoNotDependOnTheOrderOfTheJobs() {
        Random random = new Random(7);
        List<Job> jobs = new ArrayList<>(IntStream.range(0, 60)
                .mapToObj(i -> waiting(
                        "j" + i,
                        new Owner("groups/" + i % 4, "users/" + i % 9),
                        Jobs.priority(random),
                        1 + random.nextInt(4),
                        HOUR * (1 + random.nextInt(5))))
                .toList());
        Snapshot given = snapshot(10, 20, jobs.toArray(Job[]::new));
        Collections.shuffle(jobs, random);
        Snapshot shuffled = snapshot(10, 20, jobs.toArray(Job[]::new));
        assertThat(Scheduler.schedule(given, Policy.DEFAULT)).isEqualTo(Scheduler.schedule(shuffled, Policy.DEFAULT));
        assertThat(Forecast.of(given, Policy.DEFAULT)).isEqualTo(Forecast.of(shuffled, Policy.DEFAULT));
    }

    @Test
    void aHigherPriorityClassStartsFirst() {
        Job low = waiting("low", Owner.alone("users/a"), Priority.LOW, 1, HOUR);
        Job normal = waiting("normal", Owner.alone("users/b"), Priority.NORMAL, 1, HOUR);
        Job high = submitted(waiting("high", Owner.alone("users/c"), Priority.HIGH, 1, HOUR), 5);
        assertThat(starts(snapshot(10, 3, low, normal, high))).containsExactly("high", "normal", "low");
    }

    @Test
    void theTeamWithTheSmallestUsagePerWeightStartsFirstAndThenItsUserWithTheSmallestUsage() {
        Owner heavy = new Owner("groups/a", "users/heavy");
        Owner light = new Owner("groups/a", "users/light");
        Owner other = new Owner("groups/b", "users/b");
        Quotas quotas = new Quotas(Map.of("groups/a", new Quota(4, 100, 1e9)));
        Usage usage = new Usage(new TreeMap<>(Map.of(heavy, 9000.0, light, 1000.0, other, 5000.0)));
        List<Job> jobs = List.of(
                waiting("heavy", heavy, Priority.NORMAL, 1, 60),
                waiting("light", light, Priority.NORMAL, 1, 60),
                waiting("other", other, Priority.NORMAL, 1, 60));
        Snapshot snapshot = new Snapshot(0, Map.of(GPU, 2), jobs, quotas, usage, Map.of());
        // Usage per weight: groups/a 2500, groups/b 5000.
        assertThat(starts(snapshot)).containsExactly("light", "heavy");
    }

    @Test
    void freeDevicesAreDividedByTheWeightsEvenWithoutAnyUsage() {
        Quotas quotas = new Quotas(Map.of("groups/a", new Quota(3, 100, 1e9)));
        Job[] jobs = IntStream.range(0, 40)
                .mapToObj(i -> waiting(
                        "j%02d".formatted(i),
                        new Owner(i < 20 ? "groups/a" : "groups/b", "users/" + i),
                        Priority.NORMAL,
                        1,
                        HOUR))
                .toArray(Job[]::new);
        List<Job> starts =
                Scheduler.schedule(snapshot(0, 8, quotas, jobs), Policy.DEFAULT).starts();
        assertThat(starts.stream().filter(job -> job.owner().team().equals("groups/a")))
                .hasSize(6);
        assertThat(starts).hasSize(8);
    }

    @Test
    void sharesConvergeToTheWeightsOfTeamsAndUsers() {
        Quotas quotas = new Quotas(Map.of(
                "groups/a", new Quota(1, 100, 1e9),
                "groups/b", new Quota(2, 100, 1e9),
                "groups/c", new Quota(5, 100, 1e9),
                "users/c1", new Quota(4, 100, 1e9)));
        Simulation simulation = new Simulation(16, quotas, Policy.DEFAULT);
        Random random = new Random(3);
        for (int i = 0; i < 450; i++) {
            String team = List.of("a", "b", "c").get(i % 3);
            simulation.jobs.add(waiting(
                    "j" + i,
                    new Owner("groups/" + team, "users/" + team + i / 3 % 2),
                    Priority.NORMAL,
                    1 + random.nextInt(4),
                    60 * (10 + random.nextInt(110))));
        }
        simulation.run(20 * HOUR, jobs -> {});
        double all = 16 * 20 * HOUR;
        assertThat(simulation.deviceSeconds.get("groups/a") / all).isBetween(0.11, 0.14);
        assertThat(simulation.deviceSeconds.get("groups/b") / all).isBetween(0.235, 0.265);
        assertThat(simulation.deviceSeconds.get("groups/c") / all).isBetween(0.6, 0.65);
        assertThat(simulation.deviceSeconds.get("users/a0") / simulation.deviceSeconds.get("users/a1"))
                .isBetween(0.75, 1.33);
        assertThat(simulation.deviceSeconds.get("users/c1") / simulation.deviceSeconds.get("users/c0"))
                .isBetween(3.4, 4.6);
    }

    @Test
    void usedDeviceTimeCountsHalfAfterAHalfLife() {
        Owner owner = Owner.alone("users/a");
        Job job = running(waiting("a", "users/a", 2, HOUR), 0, 0);
        Usage usage = Usage.NONE.after(60, List.of(job), Policy.DEFAULT);
        assertThat(usage.of(owner)).isBetween(119.99, 120.0);
        Usage later = usage.after(Policy.DEFAULT.halfLife(), List.of(), Policy.DEFAULT);
        assertThat(later.of(owner)).isBetween(59.99, 60.01);
        // A device that is always used converges to halfLife / ln 2.
        assertThat(Usage.NONE.after(1e9, List.of(job), Policy.DEFAULT).of(owner) / 2)
                .isBetween(872_500.0, 872_600.0);
    }

    @Test
    void aJobThatDoesNotFitGetsAReservationThatSmallJobsBehindItDoNotDelay() {
        Job running = running(waiting("running", "users/a", 6, 2 * HOUR), 0, 0);
        Job large = submitted(waiting("large", "users/b", 8, HOUR), 1);
        Job tooLong = submitted(waiting("too-long", "users/b", 2, 3 * HOUR), 2);
        Job isShort = submitted(waiting("short", "users/b", 2, 2 * HOUR), 3);
        Snapshot eight = snapshot(10, 8, running, large, tooLong, isShort);
        assertThat(starts(eight)).containsExactly("short");
        // With ten devices, two are spare when the large job starts, and either small job may take them.
        Snapshot ten = snapshot(10, 10, running, large, tooLong, isShort);
        assertThat(starts(ten)).containsExactly("too-long", "short");
    }

    @Test
    void aLargeJobStartsAlthoughSmallJobsKeepArriving() {
        Simulation simulation = new Simulation(8, Quotas.NONE, Policy.DEFAULT);
        simulation.jobs.add(submitted(waiting("large", "users/large", 8, HOUR), 0));
        for (int i = 0; i < 8; i++) {
            simulation.jobs.add(running(waiting("first" + i, "users/small", 1, HOUR + 60 * i), 0, 0));
        }
        int[] added = {0};
        simulation.run(4 * HOUR, jobs -> {
            for (int i = 0; i < 2; i++) {
                jobs.add(
                        submitted(waiting("small" + added[0], "users/u" + added[0] % 50, 1, 40 * 60), simulation.time));
                added[0]++;
            }
        });
        assertThat(simulation.starts.get("large")).isLessThanOrEqualTo(HOUR + 60 * 8);
    }

    @Test
    void noJobOfALowClassWaitsForEver() {
        Policy policy = new Policy(24 * HOUR, 6 * HOUR, 600, 30);
        Simulation simulation = new Simulation(2, Quotas.NONE, policy);
        simulation.jobs.add(waiting("low", Owner.alone("users/low"), Priority.LOW, 1, HOUR));
        simulation.jobs.add(waiting("first", Owner.alone("users/first"), Priority.HIGH, 2, 600));
        int[] added = {0};
        simulation.run(26 * HOUR, jobs -> {
            if (jobs.stream().filter(job -> !job.isActive()).count() < 6) {
                String id = "high" + added[0]++;
                jobs.add(
                        submitted(waiting(id, Owner.alone("users/" + id), Priority.HIGH, 1, 20 * 60), simulation.time));
            }
        });
        // After two aging bounds it is ordered as one of the class HIGH, and it was submitted first.
        assertThat(simulation.starts.get("low")).isBetween(12 * HOUR, 13 * HOUR);
        assertThat(simulation.ends).containsKey("low");
    }

    @Test
    void devicesOfAnotherKindAreIndependent() {
        Job gpu = waiting("gpu", "users/a", 4, HOUR);
        Job cpu = new Job("cpu", Owner.alone("users/a"), Priority.LOW, "cpu", 1, 0, Phase.WAITING, HOUR, Cost.NONE);
        Snapshot snapshot =
                new Snapshot(0, Map.of(GPU, 2, "cpu", 1), List.of(gpu, cpu), Quotas.NONE, Usage.NONE, Map.of());
        Schedule schedule = Scheduler.schedule(snapshot, Policy.DEFAULT);
        assertThat(ids(schedule.starts())).containsExactly("cpu");
        assertThat(schedule.held()).containsExactly(new Schedule.Held(gpu, new Schedule.Limit.Capacity(2)));
    }
}
