using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>The subscriptions in the table.</summary>
internal sealed class EmbeddedTopology(SqliteDatabase database) : ITopology
{
    public async Task<IReadOnlyList<TopologyDifference>> CompareAsync(IReadOnlyList<SubscriptionOptions> expected, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(session => session.Query("SELECT name, types, subject FROM subscriptions",
            row => (Name: row.GetString(0), Filter: MessageFilter.Read(row, 1))), cancellationToken);
        var types = found.ToDictionary(one => one.Name, one => one.Filter.Types);
        return
        [
            .. expected.Where(one => !types.ContainsKey(one.Name)).Select(one => new TopologyDifference(one.Name, TopologyProblem.Missing)),
            .. types.Keys.Except(expected.Select(one => one.Name)).Select(name => new TopologyDifference(name, TopologyProblem.Unused)),
            .. expected.Where(one => types.TryGetValue(one.Name, out var filter) && filter != MessageFilter.Of(one).Types)
                .Select(one => new TopologyDifference(one.Name, TopologyProblem.FilterDiffers)),
        ];
    }

    public Task<bool> DeleteAsync(string subscription, CancellationToken cancellationToken) => database.WriteAsync(scope =>
    {
        scope.Session.Run("DELETE FROM deliveries WHERE subscription=@1", subscription);
        return scope.Session.Run("DELETE FROM subscriptions WHERE name=@1", subscription) == 1;
    }, Durability.Disk, cancellationToken);
}
