package io.rootstock.registry.grpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.file.StoredFiles;
import io.rootstock.registry.file.Uploads;
import io.rootstock.registry.v1.AddUploadPartRequest;
import io.rootstock.registry.v1.AddUploadPartResponse;
import io.rootstock.registry.v1.CancelUploadRequest;
import io.rootstock.registry.v1.CancelUploadResponse;
import io.rootstock.registry.v1.CompleteUploadRequest;
import io.rootstock.registry.v1.CompleteUploadResponse;
import io.rootstock.registry.v1.CreateUploadRequest;
import io.rootstock.registry.v1.CreateUploadResponse;
import io.rootstock.registry.v1.DeleteFileRequest;
import io.rootstock.registry.v1.DeleteFileResponse;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.v1.FileHeader;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.registry.v1.FileServiceGrpc;
import io.rootstock.registry.v1.GetFileRequest;
import io.rootstock.registry.v1.GetFileResponse;
import io.rootstock.registry.v1.ListFilesRequest;
import io.rootstock.registry.v1.ListFilesResponse;
import io.rootstock.registry.v1.ReadFileRequest;
import io.rootstock.registry.v1.ReadFileResponse;
import io.rootstock.registry.v1.UploadFileRequest;
import io.rootstock.registry.v1.UploadFileResponse;
import io.rootstock.registry.v1.UploadPartHeader;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.PageToken;
import io.rootstock.service.RequestNames;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** {@code rootstock.registry.v1.FileService}. */
@GrpcService
@Blocking
public class FileGrpcService extends FileServiceGrpc.FileServiceImplBase {
    private static final int MAX_PAGE = 10_000;
    private static final int CHUNK = 256 << 10;

    private final StoredFiles files;
    private final Uploads uploads;
    private final ArtifactStore store;

    /** Creates the service. */
    @Inject
    public FileGrpcService(StoredFiles files, Uploads uploads, ArtifactStore store) {
        this.files = files;
        this.uploads = uploads;
        this.store = store;
    }

    @Override
    public StreamObserver<UploadFileRequest> uploadFile(StreamObserver<UploadFileResponse> observer) {
        return new ReceivedContent<>(store, observer) {
            private FileHeader header = FileHeader.getDefaultInstance();

            @Override
            boolean isHeader(UploadFileRequest message) {
                return message.hasHeader();
            }

            @Override
            ByteString chunk(UploadFileRequest message) {
                return message.getChunk();
            }

            @Override
            long begin(UploadFileRequest message) {
                header = message.getHeader();
                files.requireAcceptable(header);
                return header.getBytes();
            }

            @Override
            UploadFileResponse end(long bytes, Digest content) {
                if (bytes != header.getBytes()) {
                    throw Errors.invalidArgument(
                            "header.bytes", "is " + header.getBytes() + ", the content has " + bytes + " bytes");
                }
                return UploadFileResponse.newBuilder()
                        .setFile(files.create(header, content))
                        .build();
            }
        };
    }

    @Override
    public void getFile(GetFileRequest request, StreamObserver<GetFileResponse> observer) {
        Answers.unary(
                observer,
                () -> GetFileResponse.newBuilder()
                        .setFile(files.get(file(request.getName())))
                        .build());
    }

    @Override
    public void listFiles(ListFilesRequest request, StreamObserver<ListFilesResponse> observer) {
        Answers.unary(observer, () -> list(request));
    }

    @Override
    public void readFile(ReadFileRequest request, StreamObserver<ReadFileResponse> observer) {
        Answers.stream(observer, stream -> read(files.get(file(request.getName())), stream));
    }

    @Override
    public void deleteFile(DeleteFileRequest request, StreamObserver<DeleteFileResponse> observer) {
        Answers.unary(observer, () -> {
            files.delete(request);
            return DeleteFileResponse.getDefaultInstance();
        });
    }

    @Override
    public void createUpload(CreateUploadRequest request, StreamObserver<CreateUploadResponse> observer) {
        Answers.unary(
                observer,
                () -> CreateUploadResponse.newBuilder()
                        .setUpload(uploads.create(request.getHeader()))
                        .build());
    }

    @Override
    public StreamObserver<AddUploadPartRequest> addUploadPart(StreamObserver<AddUploadPartResponse> observer) {
        return new ReceivedContent<>(store, observer) {
            private UploadPartHeader header = UploadPartHeader.getDefaultInstance();

            @Override
            boolean isHeader(AddUploadPartRequest message) {
                return message.hasHeader();
            }

            @Override
            ByteString chunk(AddUploadPartRequest message) {
                return message.getChunk();
            }

            @Override
            long begin(AddUploadPartRequest message) {
                header = message.getHeader();
                return uploads.pending(upload(header.getUpload(), "header.upload"))
                        .getBytes();
            }

            @Override
            AddUploadPartResponse end(long bytes, Digest content) {
                return AddUploadPartResponse.newBuilder()
                        .setPart(uploads.addPart(upload(header.getUpload(), "header.upload"), header, bytes, content))
                        .build();
            }
        };
    }

    @Override
    public void completeUpload(CompleteUploadRequest request, StreamObserver<CompleteUploadResponse> observer) {
        Answers.unary(observer, () -> {
            String upload = upload(request.getName(), "name");
            String prefix = Uploads.partName(upload, "");
            List<String> parts = request.getPartsList().stream()
                    .map(part -> part.startsWith(prefix) ? part.substring(prefix.length()) : part)
                    .toList();
            return CompleteUploadResponse.newBuilder()
                    .setUpload(uploads.complete(upload, parts, request.getMd5()))
                    .build();
        });
    }

    @Override
    public void cancelUpload(CancelUploadRequest request, StreamObserver<CancelUploadResponse> observer) {
        Answers.unary(
                observer,
                () -> CancelUploadResponse.newBuilder()
                        .setUpload(uploads.cancel(upload(request.getName(), "name")))
                        .build());
    }

    private ListFilesResponse list(ListFilesRequest request) {
        if (request.getPurpose() == FilePurpose.UNRECOGNIZED) {
            throw Errors.invalidArgument("purpose", "must be a purpose of files");
        }
        int size = PageToken.size(request.getPageSize(), MAX_PAGE, MAX_PAGE);
        Optional<String> after = request.getAfter().isEmpty()
                ? Optional.empty()
                : Optional.of(RequestNames.id(StoredFiles.COLLECTION, request.getAfter(), "after"));
        PageQuery page = PageQuery.of(
                StoredFiles.COLLECTION,
                StoredFiles.fields(request.getOldestFirst()),
                request.getFilter(),
                request.getOrderBy(),
                "",
                size);
        List<File> found = files.list(after, request.getPurpose(), page);
        return ListFilesResponse.newBuilder()
                .addAllFiles(found.subList(0, Math.min(size, found.size())))
                .setHasMore(found.size() > size)
                .build();
    }

    private void read(File file, FlowControlledStream<ReadFileResponse> stream) throws IOException {
        try (InputStream content = files.open(file)) {
            byte[] chunk = content.readNBytes(CHUNK);
            while (chunk.length > 0) {
                stream.send(ReadFileResponse.newBuilder()
                        .setChunk(ByteString.copyFrom(chunk))
                        .build());
                chunk = content.readNBytes(CHUNK);
            }
        }
    }

    private static String file(String name) {
        return RequestNames.id(StoredFiles.COLLECTION, name, "name");
    }

    private static String upload(String name, String field) {
        return RequestNames.id(Uploads.COLLECTION, name, field);
    }
}
