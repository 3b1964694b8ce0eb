package io.rootstock.inference.openai.file;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Form;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.http.Query;
import io.rootstock.inference.http.Routes;
import io.rootstock.inference.registry.RegistryClient;
import io.rootstock.registry.v1.DeleteFileRequest;
import io.rootstock.registry.v1.DeleteFileResponse;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.v1.FileHeader;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.registry.v1.GetFileRequest;
import io.rootstock.registry.v1.ListFilesRequest;
import io.rootstock.registry.v1.ListFilesResponse;
import io.rootstock.registry.v1.ReadFileRequest;
import io.rootstock.registry.v1.ReadFileResponse;
import io.rootstock.registry.v1.UploadFileRequest;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /v1/files}. */
@ApplicationScoped
public class FileEndpoint {
    private static final String PATH = "/v1/files";
    private static final int MAX_PAGE = 10_000;
    private static final Map<String, String> NAMES = Map.of(
            "header.file_name", "file",
            "header.bytes", "file",
            "header.purpose", "purpose");

    private final RegistryClient registry;
    private final UploadFolder folder;

    @Inject
    FileEndpoint(RegistryClient registry, UploadFolder folder) {
        this.registry = registry;
        this.folder = folder;
    }

    /** Registers the paths. */
    public void register(Routes routes) {
        routes.form(PATH, folder.directory(), folder.limit(), this::create);
        routes.get(PATH, (_, query, reply) -> list(query, reply));
        routes.get(PATH + "/:id", (path, query, reply) -> {
            query.end();
            reply.send(FileResponse.of(get(path.id())));
        });
        routes.get(PATH + "/:id/content", (path, query, reply) -> {
            query.end();
            content(get(path.id()), reply);
        });
        routes.delete(PATH + "/:id", (path, _, reply) -> delete(path.id(), reply));
    }

    private void create(Routes.PathParameters path, Form form, HttpReply reply) throws InterruptedException {
        form.requireOnly(Set.of("file", "purpose"));
        Form.UploadedFile file = form.file("file");
        String purpose = form.text("purpose").orElse("");
        if (FileResponse.purpose(purpose) != FilePurpose.FILE_PURPOSE_FINE_TUNE) {
            throw Errors.invalidArgument("purpose", "must be fine-tune, was '" + purpose + "'");
        }
        FileHeader header = FileHeader.newBuilder()
                .setFileName(file.name())
                .setPurpose(FilePurpose.FILE_PURPOSE_FINE_TUNE)
                .setBytes(file.bytes())
                .setRequestId(path.requestId())
                .build();
        try {
            File created = ContentSender.send(
                            registry.fileStreams().uploadFile(),
                            UploadFileRequest.newBuilder().setHeader(header).build(),
                            file,
                            bytes -> UploadFileRequest.newBuilder()
                                    .setChunk(bytes)
                                    .build())
                    .getFile();
            reply.send(FileResponse.of(created));
        } catch (StatusRuntimeException refusal) {
            throw FieldNames.renamed(refusal, name -> NAMES.getOrDefault(name, name));
        }
    }

    private void list(Query query, HttpReply reply) {
        ListFilesRequest.Builder request =
                ListFilesRequest.newBuilder().setPageSize(query.number("limit", MAX_PAGE, MAX_PAGE));
        query.text("after").ifPresent(id -> request.setAfter(FileResponse.COLLECTION + id));
        String order = query.text("order").orElse("desc");
        if (!order.equals("asc") && !order.equals("desc")) {
            throw Errors.invalidArgument("order", "must be asc or desc, was '" + order + "'");
        }
        query.text("purpose").ifPresent(purpose -> {
            if (FileResponse.purpose(purpose) == FilePurpose.FILE_PURPOSE_UNSPECIFIED) {
                throw Errors.invalidArgument(
                        "purpose", "must be fine-tune or fine-tune-results, was '" + purpose + "'");
            }
            request.setPurpose(FileResponse.purpose(purpose));
        });
        query.end();
        request.setOldestFirst(order.equals("asc"));
        ListFilesResponse page = RegistryClient.call(() -> registry.files().listFiles(request.build()));
        List<FileResponse> files =
                page.getFilesList().stream().map(FileResponse::of).toList();
        reply.send(new FileResponse.Page(
                "list",
                files,
                files.isEmpty() ? null : files.getFirst().id(),
                files.isEmpty() ? null : files.getLast().id(),
                page.getHasMore()));
    }

    private File get(String id) {
        GetFileRequest request = GetFileRequest.newBuilder()
                .setName(FileResponse.COLLECTION + id)
                .build();
        return RegistryClient.call(() -> registry.files().getFile(request).getFile());
    }

    private void content(File file, HttpReply reply) throws InterruptedException {
        BlockingClientCall<?, ReadFileResponse> call = registry.fileStreams()
                .readFile(ReadFileRequest.newBuilder().setName(file.getName()).build());
        boolean ended = false;
        try {
            ReadFileResponse next = call.read();
            reply.beginContent(file.getBytes());
            while (next != null) {
                reply.content(next.getChunk().toByteArray());
                next = call.read();
            }
            ended = true;
            reply.endOfContent();
        } catch (StatusException e) {
            ended = true;
            throw RegistryClient.error(e);
        } finally {
            if (!ended) {
                call.cancel("the client has left", null);
            }
        }
    }

    private void delete(String id, HttpReply reply) {
        DeleteFileRequest request = DeleteFileRequest.newBuilder()
                .setName(FileResponse.COLLECTION + id)
                .build();
        DeleteFileResponse _ = RegistryClient.call(() -> registry.files().deleteFile(request));
        reply.send(new FileResponse.Deleted(id, "file", true));
    }
}
