package io.rootstock.tokenizer.catalogue;

import com.google.protobuf.Message;
import io.rootstock.service.PageToken;
import java.util.List;

/**
 * One page of a list of resources.
 *
 * @param resources resources in id order
 * @param nextPageToken token of the next page; empty on the last page
 */
public record Page<M>(List<M> resources, String nextPageToken) {
    private static final int STANDARD_SIZE = 50;
    private static final int MAXIMUM_SIZE = 1000;

    public Page {
        resources = List.copyOf(resources);
    }

    /**
     * Returns the page of a list request.
     *
     * @param collection listed collection, such as {@code tokenizers}
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for an invalid size or token
     */
    public static <M extends Message> Page<M> of(
            Catalogue<M> catalogue, String collection, int requestedSize, String token) {
        int size = PageToken.size(requestedSize, STANDARD_SIZE, MAXIMUM_SIZE);
        String after = PageToken.decode(collection, token).orElse("");
        List<Catalogue.Row<M>> rows = catalogue.after(after, size + 1);
        boolean more = rows.size() > size;
        List<Catalogue.Row<M>> shown = more ? rows.subList(0, size) : rows;
        return new Page<>(
                shown.stream().map(Catalogue.Row::resource).toList(),
                more ? PageToken.encode(collection, shown.getLast().id()) : "");
    }
}
