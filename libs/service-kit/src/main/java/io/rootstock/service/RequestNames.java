package io.rootstock.service;

import io.grpc.StatusRuntimeException;
import io.rootstock.names.InvalidNameException;
import io.rootstock.names.ResourceId;
import io.rootstock.names.ResourceName;
import java.util.function.Function;

/** Parses resource names in fields of a request; a malformed name is an INVALID_ARGUMENT for its field. */
public final class RequestNames {
    private RequestNames() {}

    /**
     * Parses a name.
     *
     * @param name resource name in the request
     * @param field field of the request, for the error
     * @param parser parser of the name, for example {@code VersionName::parse}
     * @throws StatusRuntimeException INVALID_ARGUMENT if the name is invalid
     */
    public static <T> T parse(String name, String field, Function<String, T> parser) {
        try {
            return parser.apply(name);
        } catch (InvalidNameException e) {
            throw Errors.invalidArgument(field, e.getMessage());
        }
    }

    /**
     * Parses a name of the form {@code collection/id} and returns its id.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT if the name is invalid
     */
    public static String id(String collection, String name, String field) {
        return parse(name, field, text -> ResourceName.parse(collection, text)).id();
    }

    /**
     * Checks an id without a collection, as in a create request, and returns it.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT if it is not of the form {@code [a-z][a-z0-9-]{0,62}}
     */
    public static String id(String id, String field) {
        return parse(id, field, ResourceId::require);
    }
}
