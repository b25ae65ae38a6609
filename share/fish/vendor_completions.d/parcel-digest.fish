# Completion of parcel-digest for fish: the program itself says what may stand there.
set -l ask "env _PARCEL_DIGEST_COMPLETE=complete_fish _TYPER_COMPLETE_ARGS=(commandline -cp)"
complete --command parcel-digest --no-files \
    --arguments "($ask _TYPER_COMPLETE_FISH_ACTION=get-args parcel-digest)" \
    --condition "$ask _TYPER_COMPLETE_FISH_ACTION=is-args parcel-digest"
