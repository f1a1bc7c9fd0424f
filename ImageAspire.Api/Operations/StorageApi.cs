using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Operations;

/// <summary>The room for uploads.</summary>
/// <param name="RoomBytes">Bytes that uploads may still take before the reserve that is kept for deletes; absent where there is no limit.</param>
/// <param name="TotalBytes">Bytes of the whole volume; absent where there is no limit.</param>
/// <param name="BytesPerHour">How fast the room became less, less than 0 when it grew; absent until it was watched for ten minutes.</param>
/// <param name="OverSeconds">Over how long that was measured: since this Api started, a day at the most.</param>
/// <param name="FullInSeconds">When the room is used up if it goes on like this; absent when it does not become less, or that is more than ten years away.</param>
public sealed record StorageAnswer(long? RoomBytes, long? TotalBytes, double? BytesPerHour, double? OverSeconds, double? FullInSeconds);

/// <summary>The room for uploads, and a forecast.</summary>
internal static class StorageApi
{
    public static void MapStorage(this RouteGroupBuilder operations) => operations.MapGet("/storage", Get)
        .WithName("GetStorage").WithSummary("The room that uploads have, and when it is used up at the present rate.");

    private static Ok<StorageAnswer> Get(HttpContext context, StorageForecast forecast)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(forecast.Read());
    }
}
