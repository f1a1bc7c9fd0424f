namespace ImageAspire.Tests.Http;

internal static class ProblemAssertions
{
    public static async Task ShouldBeProblemAsync(this Task<HttpResponseMessage> sending, int status, string code)
    {
        using var response = await sending;
        await response.ShouldBeProblemAsync(status, code);
    }

    public static async Task ShouldBeProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = Responses.Read<ProblemDto>(text);
        (problem.Code, problem.Status).ShouldBe((code, status));
        problem.Detail.ShouldNotBeNullOrEmpty();
    }
}
