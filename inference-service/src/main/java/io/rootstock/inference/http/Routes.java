package io.rootstock.inference.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.grpc.Context;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder.TooLongFormFieldException;
import io.rootstock.inference.tracing.CallerContext;
import io.rootstock.service.Errors;
import io.rootstock.service.StreamCancelledException;
import io.rootstock.service.access.Authentication;
import io.rootstock.service.access.RateLimit;
import io.rootstock.service.web.DiscardedBody;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Registers handlers of paths. The event loop reads the body up to its limit; a virtual thread per request does the rest
 * and is cancelled if the client disconnects. After the last path, {@link #refuseOtherMethods} answers other methods.
 */
public final class Routes {
    /** Multipart boundaries, headers and texts of a form, in addition to its file. */
    private static final long FORM_OVERHEAD = 1 << 20;

    /** Limit of Vert.x. */
    private static final int MAX_PART_HEAD = HttpServerOptions.DEFAULT_MAX_FORM_BUFFERED_SIZE;

    private static final int UPLOADS_AT_ONCE = 4;
    private static final String EXCEEDED_LIMIT = "rootstock.limit";
    private static final String UPLOADING = "rootstock.uploading";
    private static final Logger LOG = Logger.getLogger(Routes.class);

    private final Router router;
    private final CallerContext callers;
    private final long requestLimit;
    private final Function<ApiError, Object> errorBody;
    private final Semaphore uploads = new Semaphore(UPLOADS_AT_ONCE);
    private final Map<String, Set<HttpMethod>> methods = new LinkedHashMap<>();

    /**
     * Creates routes whose errors have the format of OpenAI's API.
     *
     * @param requestLimit maximum size of a JSON body in bytes
     */
    public Routes(Router router, CallerContext callers, long requestLimit) {
        this(router, callers, requestLimit, ApiError::body);
    }

    /**
     * Creates routes.
     *
     * @param requestLimit maximum size of a JSON body in bytes
     * @param errorBody JSON response of an error
     */
    public Routes(Router router, CallerContext callers, long requestLimit, Function<ApiError, Object> errorBody) {
        this.router = router;
        this.callers = callers;
        this.requestLimit = requestLimit;
        this.errorBody = errorBody;
    }

    /** Handler of a request, on a thread that may block. */
    @FunctionalInterface
    public interface Work {
        void run(HttpReply reply) throws InterruptedException, JsonProcessingException;
    }

    /** Handler of a request with parameters in its path and query. */
    @FunctionalInterface
    public interface PathWork {
        void run(PathParameters path, Query query, HttpReply reply) throws InterruptedException;
    }

    /** Handler of a request with a JSON body. */
    @FunctionalInterface
    public interface BodyWork {
        void run(PathParameters path, byte[] body, HttpReply reply)
                throws InterruptedException, JsonProcessingException;
    }

    /** Handler of a request with a body that is JSON or binary, and its headers. */
    @FunctionalInterface
    public interface RawWork {
        void run(PathParameters path, MultiMap headers, byte[] body, HttpReply reply)
                throws InterruptedException, JsonProcessingException;
    }

    /** Handler of a request with a multipart form. */
    @FunctionalInterface
    public interface FormWork {
        void run(PathParameters path, Form form, HttpReply reply) throws InterruptedException;
    }

    /**
     * Parameters outside of the body.
     *
     * @param requestId id of the request: the header Idempotency-Key, else the id of the response
     */
    public record PathParameters(Map<String, String> values, String requestId) {
        /** The parameter of a path such as {@code /v1/files/:id}. */
        public String id() {
            return values.get("id");
        }
    }

    /** Gives every response of a path an id; to be called before the paths below it are registered. */
    public void identify(String path) {
        router.route(path).handler(request -> {
            request.response().putHeader(HttpReply.REQUEST_ID, UUID.randomUUID().toString());
            request.next();
        });
    }

    /**
     * Refuses the requests of a path without a valid token, and of callers who call too often; to be called before the
     * paths below it are registered.
     */
    public void authenticate(String path, Authentication authentication, RateLimit limit) {
        router.route(path)
                .handler(
                        request -> RequestCaller.find(request, authentication, limit, error -> refuse(request, error)));
    }

    /** Registers a path without a body. */
    public void get(String path, PathWork work) {
        bodiless(HttpMethod.GET, path, work);
    }

    /** Registers a path without a body. */
    public void delete(String path, PathWork work) {
        bodiless(HttpMethod.DELETE, path, work);
    }

    /** Registers a path with a JSON body. One route per handler: the framework requires the body handler to be the first. */
    public void post(String path, BodyWork work) {
        allow(path, HttpMethod.POST);
        router.post(path).handler(request -> requireType(request, "application/json"));
        body(path, (parameters, _, content, reply) -> work.run(parameters, content, reply));
    }

    /** Registers a path with a body that is JSON or binary; a request need not name its type. */
    public void raw(String path, RawWork work) {
        allow(path, HttpMethod.POST);
        router.post(path).handler(request -> {
            if (request.request().getHeader("Content-Type") == null) {
                request.next();
            } else {
                requireType(request, "application/json", "application/octet-stream");
            }
        });
        body(path, work);
    }

    /** Registers a path whose body, if any, is ignored. */
    public void action(String path, PathWork work) {
        allow(path, HttpMethod.POST);
        body(
                path,
                (parameters, _, _, reply) ->
                        work.run(parameters, new Query(MultiMap.caseInsensitiveMultiMap()), reply));
    }

    /**
     * Registers a path with a multipart form, whose files are written to disk while they arrive.
     *
     * @param folder folder of the files, which exists
     * @param limit maximum size of a file in bytes
     */
    public void form(String path, Path folder, long limit, FormWork work) {
        allow(path, HttpMethod.POST);
        router.post(path).handler(request -> requireType(request, "multipart/form-data"));
        router.post(path).handler(this::enterUpload);
        router.post(path).handler(request -> {
            request.put(
                    EXCEEDED_LIMIT,
                    limit + " bytes (rootstock.inference.file-limit); use /v1/uploads for larger files");
            request.next();
        });
        router.post(path)
                .handler(BodyHandler.create(true)
                        .setUploadsDirectory(folder.toString())
                        .setDeleteUploadedFilesOnEnd(true)
                        .setBodyLimit(limit + FORM_OVERHEAD));
        router.post(path).handler(request -> {
            Form form = form(request);
            PathParameters parameters = parameters(request);
            List<Path> files = request.fileUploads().stream()
                    .map(file -> Path.of(file.uploadedFileName()))
                    .toList();
            serve(request, reply -> {
                try {
                    work.run(parameters, form, reply);
                } finally {
                    // The reply replaces the handlers that the framework deletes the files with.
                    leaveUpload(request);
                    delete(files);
                }
            });
        });
    }

    /** Answers the methods that the registered paths do not have. */
    public void refuseOtherMethods() {
        methods.forEach((path, allowed) -> router.route(path).handler(request -> {
            String names =
                    String.join(", ", allowed.stream().map(HttpMethod::name).toList());
            request.response().putHeader("Allow", names);
            refuse(
                    request,
                    ApiError.request(
                            405,
                            "method_not_allowed",
                            request.normalizedPath() + " takes " + names + ", not "
                                    + request.request().method()));
        }));
    }

    /** Serves a request on a virtual thread. */
    public void serve(RoutingContext request, Work work) {
        HttpReply reply = new HttpReply(request.response(), errorBody);
        Context.CancellableContext context = RequestCaller.in(callers.of(request.request()::getHeader), request)
                .withCancellation();
        reply.onGone(() -> context.cancel(null));
        Thread.ofVirtual().name("http").start(context.wrap(() -> {
            try (reply) {
                run(work, reply);
            } finally {
                context.cancel(null);
            }
        }));
    }

    /** Handles errors of the framework: a body beyond the limit, an invalid path, a client that has disconnected. */
    public void failed(RoutingContext request) {
        leaveUpload(request);
        if (request.failure() instanceof HttpClosedException) {
            return;
        }
        if (request.statusCode() == 413) {
            String limit = request.get(EXCEEDED_LIMIT, requestLimit + " bytes (rootstock.inference.request-limit)");
            refuse(request, ApiError.request(413, "request_too_large", "a request has at most " + limit));
        } else if (request.failure() instanceof TooLongFormFieldException) {
            String reason = "the head of a part, with its file name, must have at most " + MAX_PART_HEAD + " bytes";
            refuse(request, ApiError.of(Errors.invalidArgument("filename", reason)));
        } else if (request.failure() instanceof DecoderException) {
            refuse(request, ApiError.request(400, "invalid_request", "the body must be a valid multipart form"));
        } else if (request.failure() != null) {
            refuse(request, ApiError.of(request.failure()));
        } else {
            refuse(request, ApiError.request(request.statusCode(), "invalid_request", "not an HTTP request"));
        }
    }

    /** Sends an error after the request's body, which clients send before they read. */
    public void refuse(RoutingContext request, ApiError error) {
        HttpReply reply = new HttpReply(request.response(), errorBody);
        DiscardedBody.discard(request.request(), request.vertx(), whole -> {
            if (!whole) {
                reply.closesConnection();
            }
            Thread.ofVirtual().name("http").start(() -> reply.fail(error));
        });
    }

    private void bodiless(HttpMethod method, String path, PathWork work) {
        allow(path, method);
        router.route(method, path).handler(request -> {
            PathParameters parameters = parameters(request);
            Query query = new Query(request.queryParams());
            serve(request, reply -> work.run(parameters, query, reply));
        });
    }

    private void body(String path, RawWork work) {
        router.post(path).handler(BodyHandler.create(false).setBodyLimit(requestLimit));
        router.post(path).handler(request -> {
            Buffer buffer = request.body().buffer();
            byte[] body = buffer == null ? new byte[0] : buffer.getBytes();
            PathParameters parameters = parameters(request);
            MultiMap headers = request.request().headers();
            serve(request, reply -> work.run(parameters, headers, body, reply));
        });
    }

    /** Adds a method that a path has; all others are refused. */
    public void allow(String path, HttpMethod method) {
        methods.computeIfAbsent(path, _ -> new LinkedHashSet<>()).add(method);
    }

    private void enterUpload(RoutingContext request) {
        if (uploads.tryAcquire()) {
            request.put(UPLOADING, new AtomicBoolean(true));
            request.addEndHandler(_ -> leaveUpload(request));
            request.next();
            return;
        }
        refuse(
                request,
                ApiError.of(Errors.resourceExhausted(
                        "TOO_MANY_UPLOADS",
                        "the service receives at most " + UPLOADS_AT_ONCE + " files at once",
                        Duration.ofSeconds(1))));
    }

    /** Ends an upload once, however often it is called. */
    private void leaveUpload(RoutingContext request) {
        AtomicBoolean uploading = request.get(UPLOADING);
        if (uploading != null && uploading.getAndSet(false)) {
            uploads.release();
        }
    }

    private static void delete(List<Path> files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warnf("cannot delete %s: %s", file, e);
            }
        }
    }

    private static PathParameters parameters(RoutingContext request) {
        String key = request.request().getHeader("Idempotency-Key");
        return new PathParameters(
                Map.copyOf(request.pathParams()),
                key == null || key.isBlank() ? request.response().headers().get(HttpReply.REQUEST_ID) : key);
    }

    private static Form form(RoutingContext request) {
        Map<String, Form.UploadedFile> files = new HashMap<>();
        for (FileUpload file : request.fileUploads()) {
            files.put(
                    file.name(), new Form.UploadedFile(Path.of(file.uploadedFileName()), file.fileName(), file.size()));
        }
        Map<String, String> fields = new HashMap<>();
        request.request().formAttributes().forEach(fields::put);
        return new Form(fields, files);
    }

    private void requireType(RoutingContext request, String... accepted) {
        String type = request.request().getHeader("Content-Type");
        if (type != null && Stream.of(accepted).anyMatch(type.toLowerCase(Locale.ROOT)::startsWith)) {
            request.next();
            return;
        }
        refuse(
                request,
                ApiError.request(
                        415,
                        "unsupported_content_type",
                        "must come with the header `content-type: " + String.join("` or `content-type: ", accepted)
                                + "`"));
    }

    private static void run(Work work, HttpReply reply) {
        try {
            work.run(reply);
        } catch (StreamCancelledException | CancellationException _) {
            // The client has disconnected.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Throwable failure) {
            reply.fail(ApiError.of(failure));
        }
    }
}
