package io.rootstock.tokenizer.catalogue;

import com.google.protobuf.Message;
import io.rootstock.access.v1.Role;
import io.rootstock.service.PageToken;
import io.rootstock.service.access.Caller;
import io.rootstock.service.filter.ListQuery;
import io.rootstock.service.filter.MemoryQuery;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a list of resources.
 *
 * @param resources resources in the order of the query
 * @param nextPageToken token of the next page; empty on the last page
 */
public record Page<M>(List<M> resources, String nextPageToken) {
    private static final int DEFAULT_SIZE = 50;
    private static final int MAX_SIZE = 1000;

    public Page {
        resources = List.copyOf(resources);
    }

    /**
     * Returns the page of a list request, with what the caller may see.
     *
     * @param collection listed collection, such as {@code tokenizers}
     * @param query filter and order; its fields' key is the id
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for an invalid size or token
     */
    public static <M extends Message> Page<M> of(
            Catalogue<M> catalogue,
            String collection,
            ListQuery<Function<M, ?>> query,
            int requestedSize,
            String token) {
        if (query.isPlain()) {
            return of(catalogue, collection, requestedSize, token);
        }
        return of(catalogue.all(visible(collection)), collection, query, requestedSize, token);
    }

    /**
     * Returns the page of a list request.
     *
     * @param all all resources that the caller may see
     * @param collection listed collection
     * @param query filter and order; its fields' key is the id
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for an invalid size or token
     */
    public static <M extends Message> Page<M> of(
            List<M> all, String collection, ListQuery<Function<M, ?>> query, int requestedSize, String token) {
        int size = PageToken.size(requestedSize, DEFAULT_SIZE, MAX_SIZE);
        String bound = collection + "\n" + query.text();
        List<M> found = MemoryQuery.run(query, PageToken.decode(bound, token), all);
        List<M> shown = found.subList(0, Math.min(size, found.size()));
        return new Page<>(
                shown, found.size() > size ? PageToken.encode(bound, MemoryQuery.cursor(query, shown.getLast())) : "");
    }

    /** Returns the prefixes of the ids that the caller may see. */
    private static List<String> visible(String collection) {
        return Caller.current().prefixes(Role.ROLE_VIEWER, collection);
    }

    /** Returns the page of a list request without a filter and an order. */
    static <M extends Message> Page<M> of(Catalogue<M> catalogue, String collection, int requestedSize, String token) {
        int size = PageToken.size(requestedSize, DEFAULT_SIZE, MAX_SIZE);
        String after = PageToken.decode(collection, token).orElse("");
        List<Catalogue.Row<M>> rows = catalogue.after(after, visible(collection), size + 1);
        boolean more = rows.size() > size;
        List<Catalogue.Row<M>> shown = more ? rows.subList(0, size) : rows;
        return new Page<>(
                shown.stream().map(Catalogue.Row::resource).toList(),
                more ? PageToken.encode(collection, shown.getLast().id()) : "");
    }
}
