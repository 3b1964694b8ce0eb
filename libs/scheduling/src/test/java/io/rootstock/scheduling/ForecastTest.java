package io.rootstock.scheduling;

import static io.rootstock.scheduling.Jobs.HOUR;
import static io.rootstock.scheduling.Jobs.priced;
import static io.rootstock.scheduling.Jobs.running;
import static io.rootstock.scheduling.Jobs.snapshot;
import static io.rootstock.scheduling.Jobs.submitted;
import static io.rootstock.scheduling.Jobs.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ForecastTest {
    @Test
    void positionsStartsAndEndsOfAKnownScheduleAreExact() {
        Job running = running(waiting("running", "users/a", 2, 1000), 400, 0);
        Job first = submitted(waiting("first", "users/b", 2, 500), 1);
        Job second = submitted(waiting("second", "users/b", 2, 300), 2);
        Job small = submitted(waiting("small", "users/b", 1, 200), 3);
        List<Forecast> forecasts = Forecast.of(snapshot(500, 3, running, first, second, small), Policy.DEFAULT);
        // The third device is free: the small job does not delay the first one.
        assertThat(forecasts)
                .containsExactly(
                        new Forecast("running", 0, 400, 1500),
                        new Forecast("small", 1, 500, 700),
                        new Forecast("first", 2, 1500, 2000),
                        new Forecast("second", 3, 2000, 2300));
    }

    @Test
    void aPreemptedJobEndsAfterTheJobThatPreemptsIt() {
        Job low = running(waiting("low", Owner.alone("users/a"), Priority.LOW, 1, HOUR), 0, 0);
        Job high = waiting("high", Owner.alone("users/b"), Priority.HIGH, 1, HOUR);
        List<Forecast> forecasts = Forecast.of(snapshot(300, 1, low, high), Policy.DEFAULT);
        assertThat(forecasts).extracting(Forecast::job).containsExactly("low", "high");
        assertThat(forecasts.getLast().startTime()).isCloseTo(600, within(0.01));
        assertThat(forecasts.getLast().endTime()).isCloseTo(600 + HOUR, within(0.01));
        assertThat(forecasts.getFirst().endTime()).isCloseTo(300 + 2 * HOUR, within(0.01));
    }

    @Test
    void aJobEndsAtItsCostLimitAndHeldJobsHaveNoForecast() {
        Job limited = priced(waiting("limited", "users/a", 1, 10 * HOUR), new Cost(10, 0, 20, 60));
        Job held = priced(waiting("held", "users/b", 1, HOUR), new Cost(10, 20, 20, 60));
        Job tooLarge = waiting("too-large", "users/c", 3, HOUR);
        Job paused = waiting("paused", "users/d", 1, HOUR).in(new Phase.Stopping(false));
        List<Forecast> forecasts = Forecast.of(snapshot(0, 2, limited, held, tooLarge, paused), Policy.DEFAULT);
        assertThat(forecasts).extracting(Forecast::job).containsExactly("limited");
        assertThat(forecasts.getFirst().endTime()).isCloseTo(2 * HOUR - 90, within(0.01));
    }

    @Test
    void theForecastOfManyJobsIsTheirScheduleWithoutEstimationErrors() {
        Random random = new Random(5);
        Simulation simulation = new Simulation(10, Quotas.NONE, Policy.DEFAULT);
        for (int i = 0; i < 150; i++) {
            simulation.jobs.add(submitted(
                    waiting(
                            "j" + i,
                            Owner.alone("users/a"),
                            Priority.NORMAL,
                            1 + random.nextInt(3),
                            60 * (10 + random.nextInt(50))),
                    -i));
        }
        Map<String, Forecast> forecasts =
                Forecast.of(snapshot(0, 10, simulation.jobs.toArray(Job[]::new)), Policy.DEFAULT).stream()
                        .collect(Collectors.toMap(Forecast::job, forecast -> forecast));
        simulation.run(60 * HOUR, jobs -> {});
        assertThat(simulation.ends).hasSize(150);
        simulation.ends.forEach((id, end) -> {
            assertThat(forecasts.get(id).startTime()).isCloseTo(simulation.starts.get(id), within(1.0));
            assertThat(forecasts.get(id).endTime()).isCloseTo(end, within(1.0));
        });
    }

    @Test
    void jobsOfAnEmptyClusterHaveNoForecast() {
        assertThat(Forecast.of(snapshot(0, 0, waiting("job", "users/a", 1, 1)), Policy.DEFAULT))
                .isEmpty();
        assertThat(Forecast.of(snapshot(0, 0), Policy.DEFAULT)).isEmpty();
    }
}
