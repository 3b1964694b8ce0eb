package io.rootstock.scheduling;

import static io.rootstock.scheduling.Jobs.HOUR;
import static io.rootstock.scheduling.Jobs.running;
import static io.rootstock.scheduling.Jobs.snapshot;
import static io.rootstock.scheduling.Jobs.submitted;
import static io.rootstock.scheduling.Jobs.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreemptionsTest {
    private static Job job(String id, Priority priority, int devices, double start, double unsaved) {
        return running(waiting(id, Owner.alone("users/" + id), priority, devices, 5 * HOUR), start, unsaved);
    }

    private static List<String> victims(Snapshot snapshot) {
        return Scheduler.schedule(snapshot, Policy.DEFAULT).preemptions().stream()
                .map(preemption -> preemption.victim().id() + " for "
                        + preemption.preemptor().id())
                .toList();
    }

    private static Job high(int devices) {
        return submitted(waiting("high", Owner.alone("users/h"), Priority.HIGH, devices, HOUR), 9000);
    }

    @Test
    void theLeastLostWorkOfTheLowestClassStops() {
        Snapshot snapshot = snapshot(
                10_000,
                4,
                job("normal", Priority.NORMAL, 1, 0, 1),
                job("much", Priority.LOW, 1, 0, 500),
                job("little", Priority.LOW, 1, 0, 20),
                job("same-class", Priority.HIGH, 1, 0, 0),
                high(1));
        assertThat(victims(snapshot)).containsExactly("little for high");
    }

    @Test
    void noMoreJobsStopThanAreNeeded() {
        Snapshot snapshot = snapshot(
                10_000,
                8,
                job("one", Priority.LOW, 1, 0, 10),
                job("two", Priority.LOW, 1, 0, 20),
                job("six", Priority.LOW, 6, 0, 30),
                high(6));
        assertThat(victims(snapshot)).containsExactly("six for high");
    }

    @Test
    void freeAndStoppingDevicesAreUsedBeforeOtherJobsStop() {
        Job stopping = job("stopping", Priority.LOW, 2, 0, 0).in(new Phase.Stopping(true));
        Job low = job("low", Priority.LOW, 2, 0, 0);
        assertThat(victims(snapshot(10_000, 5, stopping, low, high(3)))).isEmpty();
        assertThat(victims(snapshot(10_000, 4, stopping, low, high(3)))).containsExactly("low for high");
    }

    @Test
    void devicesThatStoppingJobsFreeAreNotGivenToJobsBehind() {
        Job stopping = job("stopping", Priority.LOW, 2, 0, 0).in(new Phase.Stopping(true));
        Job small = waiting("small", "users/s", 1, 60);
        assertThat(Jobs.starts(snapshot(10_000, 3, stopping, high(3), small))).isEmpty();
    }

    @Test
    void aJobIsNotPreemptedInItsFirstMinutesAndNotIfNotAllDevicesBecomeFree() {
        Job young = job("young", Priority.LOW, 1, 9500, 0);
        assertThat(victims(snapshot(10_000, 1, young, high(1)))).isEmpty();
        assertThat(victims(snapshot(10_100, 1, young, high(1)))).containsExactly("young for high");
        Job normal = job("normal", Priority.HIGH, 1, 0, 0);
        assertThat(victims(snapshot(20_000, 2, young, normal, high(2)))).isEmpty();
    }

    @Test
    void nothingStopsForDevicesThatBecomeFreeAsSoon() {
        Job ends = running(waiting("ends", Owner.alone("users/e"), Priority.LOW, 1, 30), 0, 0);
        assertThat(victims(snapshot(10_000, 1, ends, high(1)))).isEmpty();
    }

    @Test
    void aJobThatAgingHasRaisedIsNotPreempted() {
        Policy policy = new Policy(HOUR, HOUR, 600, 30);
        Snapshot snapshot = snapshot(3 * HOUR, 1, job("low", Priority.LOW, 1, HOUR, 0), high(1));
        assertThat(Scheduler.schedule(snapshot, policy).preemptions()).isEmpty();
    }

    @Test
    void jobsDoNotThrash() {
        Simulation simulation = new Simulation(2, Quotas.NONE, Policy.DEFAULT);
        for (int i = 0; i < 6; i++) {
            simulation.jobs.add(waiting("low" + i, Owner.alone("users/" + i), Priority.LOW, 1, HOUR));
            simulation.jobs.add(submitted(
                    waiting("high" + i, Owner.alone("users/" + i), Priority.HIGH, 1 + i % 2, HOUR), i * 1800.0));
        }
        int[] starts = {0};
        List<String> held = new ArrayList<>();
        simulation.run(24 * HOUR, jobs -> {
            List<String> now = jobs.stream().filter(Job::isActive).map(Job::id).toList();
            starts[0] += (int) now.stream().filter(id -> !held.contains(id)).count();
            held.clear();
            held.addAll(now);
        });
        assertThat(simulation.ends).hasSize(12);
        assertThat(starts[0]).isLessThanOrEqualTo(12 + 6);
    }
}
