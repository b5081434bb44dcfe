#!/usr/bin/env bash
# The second step of action.yml: checks, writes SARIF, annotations and the summary, and says how it ended. It ends with 0
# itself, so that the findings are sent before the job fails. Everything that it is told comes in variables.
set -euo pipefail

status() {
    printf 'status=%s\n' "$1" >>"$GITHUB_OUTPUT"
}

stop() {
    printf '::error title=tickmark::%s\n' "$2"
    status "$1"
    exit 0
}

cd "$GITHUB_WORKSPACE"
[[ -d $TICKMARK_PATH ]] || stop 2 "There is no folder of the name that the input path gives."
cd "$TICKMARK_PATH"

# tickmark would say so as well, control by control; one line is enough where all of history is missing.
shallow="$(git rev-parse --is-shallow-repository 2>/dev/null)" ||
    stop 2 "This is no repository. Check it out first, with actions/checkout and fetch-depth: 0."
[[ $shallow != true ]] ||
    stop 3 "History is cut off here, so nothing can be established. Give actions/checkout fetch-depth: 0."

check=(check)
if [[ -n $TICKMARK_FROM || -n $TICKMARK_TO ]]; then
    check+=("--from=${TICKMARK_FROM:-HEAD}" "--to=${TICKMARK_TO:-HEAD}")
elif [[ $TICKMARK_WHOLE_PERIOD != true ]]; then
    # The base and the head that the event names, and not the merge that GitHub makes to try them.
    check+=(--event)
fi
[[ -z $TICKMARK_CONFIG ]] || check+=("--config=$TICKMARK_CONFIG")
[[ -z $TICKMARK_PERIOD ]] || check+=("--period=$TICKMARK_PERIOD")
[[ -z $TICKMARK_AS_OF ]] || check+=("--as-of=$TICKMARK_AS_OF")
[[ -z $TICKMARK_FAIL_ON ]] || check+=("--fail-on=$TICKMARK_FAIL_ON")
[[ -z $TICKMARK_BASELINE ]] || check+=("--baseline=$TICKMARK_BASELINE")

sarif="$RUNNER_TEMP/tickmark.sarif"
rm -f "$sarif"
ended=0
"$TICKMARK" "${check[@]}" --format=sarif "--output=$sarif" || ended=$?
# 1 and 3 are results; whatever else it ended with is no report, and no file is there to send.
[[ $ended -le 3 ]] || ended=2
[[ ! -s $sarif ]] || printf 'sarif=%s\n' "$sarif" >>"$GITHUB_OUTPUT"
status "$ended"
[[ $ended -ne 2 ]] || exit 0

# What is annotated and summed up is the same ledger, so that their own ends tell nothing new.
if [[ $TICKMARK_ANNOTATIONS == true ]]; then
    "$TICKMARK" "${check[@]}" --format=github || true
fi
if [[ $TICKMARK_SUMMARY == true ]]; then
    "$TICKMARK" "${check[@]}" --format=github-summary >>"$GITHUB_STEP_SUMMARY" || true
fi
