package io.rootstock.bench.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Runs the checks of a client and reports them to standard output as {@code bench/interop/clients.py} reads them. */
final class ClientChecks {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Part of a client's behaviour; throws if it is not as expected. */
    interface Check {
        void run() throws Exception;
    }

    private final Map<String, Check> checks = new LinkedHashMap<>();

    ClientChecks add(String name, Check check) {
        checks.put(name, check);
        return this;
    }

    void run(String version) {
        // System.out belongs to the client.
        PrintStream report = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        report.println(json(Map.of("version", version, "checks", checks.keySet())));
        checks.forEach((name, check) -> {
            Map<String, String> outcome = new HashMap<>();
            outcome.put("check", name);
            outcome.put("reason", reason(check));
            report.println(json(outcome));
        });
    }

    static void equal(Object actual, Object expected) {
        if (!Objects.equals(actual, expected)) {
            throw new AssertionError(actual + " instead of " + expected);
        }
    }

    static void contains(String text, String part) {
        if (!text.contains(part)) {
            throw new AssertionError(part + " is not in " + text);
        }
    }

    /** Requires an error of a class with a text in its message. */
    static void raises(Class<? extends Exception> error, String part, Check check) {
        try {
            check.run();
        } catch (Exception failure) {
            if (error.isInstance(failure)) {
                contains(failure.getMessage(), part);
                return;
            }
            throw new AssertionError(failure + " instead of " + error.getSimpleName(), failure);
        }
        throw new AssertionError("no " + error.getSimpleName());
    }

    private static String reason(Check check) {
        try {
            check.run();
            return null;
        } catch (Exception | AssertionError failure) {
            failure.printStackTrace();
            return failure.toString();
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
