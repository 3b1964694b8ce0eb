-- GGUF files that are made of a version's Hugging Face directory can be added after its registration.

drop trigger version_artifact_is_complete on version_artifact;
create trigger version_artifact_is_complete before insert on version_artifact
    for each row when (new.kind not in ('GGUF_F32', 'GGUF_F16', 'GGUF_Q8_0', 'GGUF_Q4_K_M'))
    execute function refuse_late_row();
