package io.rootstock.inference.openai.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.Form;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.http.Json;
import io.rootstock.inference.http.Routes;
import io.rootstock.inference.registry.RegistryClient;
import io.rootstock.registry.v1.AddUploadPartRequest;
import io.rootstock.registry.v1.CancelUploadRequest;
import io.rootstock.registry.v1.CompleteUploadRequest;
import io.rootstock.registry.v1.CreateUploadRequest;
import io.rootstock.registry.v1.FileHeader;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.registry.v1.Upload;
import io.rootstock.registry.v1.UploadPart;
import io.rootstock.registry.v1.UploadPartHeader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;

/** {@code /v1/uploads}: files in parts, which an interrupted client continues. */
@ApplicationScoped
public class UploadEndpoint {
    private static final String PATH = "/v1/uploads";
    private static final Map<String, String> NAMES = Map.of(
            "header.file_name", "filename",
            "header.bytes", "bytes",
            "header.purpose", "purpose",
            "parts", "part_ids");

    private final RegistryClient registry;
    private final UploadFolder folder;

    @Inject
    UploadEndpoint(RegistryClient registry, UploadFolder folder) {
        this.registry = registry;
        this.folder = folder;
    }

    /** Registers the paths. */
    public void register(Routes routes) {
        routes.post(PATH, this::create);
        routes.form(PATH + "/:id/parts", folder.directory(), folder.limit(), this::addPart);
        routes.post(PATH + "/:id/complete", this::complete);
        routes.action(PATH + "/:id/cancel", (path, _, reply) -> cancel(path.id(), reply));
    }

    private void create(Routes.PathParameters path, byte[] body, HttpReply reply) throws JsonProcessingException {
        Fields fields = Fields.of(Json.object(body));
        String purpose = fields.required("purpose", fields.text("purpose"));
        if (FileResponse.purpose(purpose) != FilePurpose.FILE_PURPOSE_FINE_TUNE) {
            throw fields.refused("purpose", "must be fine-tune, was '" + purpose + "'");
        }
        FileHeader header = FileHeader.newBuilder()
                .setFileName(fields.required("filename", fields.text("filename")))
                .setPurpose(FilePurpose.FILE_PURPOSE_FINE_TUNE)
                .setBytes(fields.required("bytes", fields.longInteger("bytes")))
                .setRequestId(path.requestId())
                .build();
        fields.ignore("mime_type");
        fields.end();
        CreateUploadRequest request =
                CreateUploadRequest.newBuilder().setHeader(header).build();
        try {
            Upload upload = RegistryClient.call(() -> registry.files().createUpload(request))
                    .getUpload();
            reply.send(UploadResponse.of(upload));
        } catch (StatusRuntimeException refusal) {
            throw named(refusal);
        }
    }

    private void addPart(Routes.PathParameters path, Form form, HttpReply reply) throws InterruptedException {
        form.requireOnly(Set.of("data"));
        UploadPartHeader header = UploadPartHeader.newBuilder()
                .setUpload(UploadResponse.COLLECTION + path.id())
                .setRequestId(path.requestId())
                .build();
        UploadPart part = ContentSender.send(
                        registry.fileStreams().addUploadPart(),
                        AddUploadPartRequest.newBuilder().setHeader(header).build(),
                        form.file("data"),
                        bytes -> AddUploadPartRequest.newBuilder()
                                .setChunk(bytes)
                                .build())
                .getPart();
        reply.send(UploadResponse.of(path.id(), part));
    }

    private void complete(Routes.PathParameters path, byte[] body, HttpReply reply)
            throws JsonProcessingException, InterruptedException {
        Fields fields = Fields.of(Json.object(body));
        CompleteUploadRequest request = CompleteUploadRequest.newBuilder()
                .setName(UploadResponse.COLLECTION + path.id())
                .addAllParts(fields.texts("part_ids"))
                .setMd5(fields.text("md5").orElse(""))
                .build();
        fields.end();
        try {
            // Joining the parts of a large file takes longer than other calls.
            reply.send(UploadResponse.of(
                    registry.fileStreams().completeUpload(request).getUpload()));
        } catch (StatusException refusal) {
            throw named(RegistryClient.error(refusal));
        }
    }

    private void cancel(String id, HttpReply reply) {
        CancelUploadRequest request = CancelUploadRequest.newBuilder()
                .setName(UploadResponse.COLLECTION + id)
                .build();
        reply.send(UploadResponse.of(RegistryClient.call(() -> registry.files().cancelUpload(request))
                .getUpload()));
    }

    private static StatusRuntimeException named(StatusRuntimeException refusal) {
        return FieldNames.renamed(refusal, name -> NAMES.getOrDefault(name, name));
    }
}
