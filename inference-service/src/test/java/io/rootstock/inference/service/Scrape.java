package io.rootstock.inference.service;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A scrape of {@code /q/metrics} in the Prometheus text format. */
record Scrape(List<String> lines) {
    static Scrape of(ServingFixture serving) {
        try {
            return new Scrape(serving.get("/q/metrics").body().lines().toList());
        } catch (IOException e) {
            throw new AssertionError("the metrics cannot be read", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Returns the sum of the series with this name and these labels; 0 if no series matches.
     *
     * @param labels such as {@code reason="queue_full"}
     */
    double value(String name, String... labels) {
        return series(name, labels)
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Returns the growth of this sum since an earlier scrape. */
    double since(Scrape earlier, String name, String... labels) {
        return value(name, labels) - earlier.value(name, labels);
    }

    /** Returns true if a series has this name and these labels. */
    boolean has(String name, String... labels) {
        return series(name, labels).findAny().isPresent();
    }

    private Stream<String> series(String name, String... labels) {
        String full = "rootstock_inference_" + name;
        return lines.stream()
                .filter(line -> line.startsWith(full + "{") || line.startsWith(full + " "))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains));
    }
}
