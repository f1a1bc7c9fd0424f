namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Checks the images for which a stage gave up; then the vision service is repaired, and two operators retry all of them at once.</summary>
/// <param name="reader">The system; no process of it dies now.</param>
/// <param name="oracle">What its clients expect.</param>
/// <param name="vision">The vision service.</param>
/// <param name="operators">The operators.</param>
internal sealed class GivenUpCheck(ApiReader reader, TestOracle oracle, CrashVision vision, CrashOperators operators)
{
    private const int MostRetries = 10;

    /// <summary>Whether a stage gives up images of a kind.</summary>
    public static bool IsGivenUp(TrackedImageKind kind) => kind is TrackedImageKind.Breaking or TrackedImageKind.Refused;

    /// <summary>The broken promises. Afterwards no image is failed and there is no dead letter.</summary>
    /// <param name="idle">Waits until no message is under way.</param>
    public async Task<List<string>> CheckAsync(Func<Task<bool>> idle)
    {
        if (!await idle())
            return ["Messages are under way that never end."];
        var dead = await operators.ListAsync() ?? [];
        var withDeadLetter = dead.Select(one => one.ImageId).ToHashSet();
        var violations = dead.Where(one => one.Subscription != "analyze-image").Select(one => $"{one.Subscription} gave up image {one.ImageId}: {one.Reason} {one.Description}").ToList();
        foreach (var record in await reader.ImagesAsync())
        {
            var kind = oracle.Find(record.Sha256)?.Kind;
            if (kind is null || !IsGivenUp(kind.Value))
                continue;
            oracle.Count("images given up");
            if (record.Status != "failed" || record.Failure is not { Stage: "AnalyzeImage" } failure)
                violations.Add($"{record.Id} ended {record.Status}, and its analysis fails always.");
            else if (kind == TrackedImageKind.Refused ? failure is not { Code: CrashVision.RefusalCode } : failure is not { Code: "analyzer-failed" or "worker-died", Attempts: CrashSystem.Attempts })
                violations.Add($"{record.Id} ended with {failure}.");
            if (!withDeadLetter.Contains(record.Id))
                violations.Add($"{record.Id} failed, and there is no dead letter for it.");
        }

        vision.Repair();
        for (var retries = 0; dead.Count > 0; dead = await operators.ListAsync() ?? [], retries++)
        {
            if (retries == MostRetries)
                return [.. violations, $"{dead.Count} dead letters come back after every retry: {dead[0].Subscription} {dead[0].ImageId} {dead[0].Description}"];
            await operators.RaceAllAsync(dead);
            if (!await idle())
                return [.. violations, "Messages are under way after the retry that never end."];
        }

        return violations;
    }
}
