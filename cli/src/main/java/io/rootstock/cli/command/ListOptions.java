package io.rootstock.cli.command;

import io.rootstock.cli.client.Pages;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Options of commands that list resources. */
public final class ListOptions {
    @Option(names = "--limit", paramLabel = "N", description = "Maximum number of results [default: all]")
    private Integer limit;

    @Option(
            names = "--filter",
            paramLabel = "FILTER",
            defaultValue = "",
            description = "Only results that match, such as 'create_time > \"2026-01-31\" AND name = \"a*\"'")
    private String filter;

    @Option(
            names = "--order-by",
            paramLabel = "FIELDS",
            defaultValue = "",
            description = "Order of the results, such as 'create_time desc'")
    private String orderBy;

    @Option(
            names = "--page-token",
            paramLabel = "TOKEN",
            defaultValue = "",
            description = "Continue after a list with --limit, which prints the token")
    private String pageToken;

    /** Filter of the results; empty: all. */
    public String filter() {
        return filter;
    }

    /** Order of the results; empty: the default order. */
    public String orderBy() {
        return orderBy;
    }

    /** Requests one page. */
    @FunctionalInterface
    public interface PageCall<P> {
        /**
         * Returns the page.
         *
         * @param size maximum number of items
         * @param token page token; empty for the first page
         */
        P call(int size, String token);
    }

    /**
     * Reads the pages up to the limit; prints the token of the rest as a hint.
     *
     * @param items items of a page
     * @param nextToken next page token of a page; empty for the last page
     */
    public <P, R> List<R> read(
            Console console, PageCall<P> call, Function<P, List<R>> items, Function<P, String> nextToken) {
        if (limit != null && limit < 1) {
            throw new CliException("--limit must be at least 1, was " + limit, "omit it to list everything");
        }
        List<R> all = new ArrayList<>();
        String token = pageToken;
        do {
            int size = limit == null ? Pages.SIZE : Math.min(Pages.SIZE, limit - all.size());
            P page = call.call(size, token);
            all.addAll(items.apply(page));
            token = nextToken.apply(page);
        } while (!token.isEmpty() && (limit == null || all.size() < limit));
        if (!token.isEmpty()) {
            console.note("hint: more results: --page-token " + token);
        }
        return all;
    }
}
