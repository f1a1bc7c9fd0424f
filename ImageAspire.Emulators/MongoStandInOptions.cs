namespace ImageAspire.Emulators;

/// <summary>How a stand-in runs.</summary>
public sealed record MongoStandInOptions
{
    /// <summary>The port on 127.0.0.1; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>The folder that keeps the documents; null: they are in memory only.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The name of the replica set of which it is the only member; null: a standalone server, to which drivers send no write twice.</summary>
    public string? ReplicaSet { get; init; }

    /// <summary>How often documents are removed whose time has come (TTL indexes); MongoDB's own minute by default, <see cref="Timeout.InfiniteTimeSpan"/> for never.</summary>
    public TimeSpan ExpireEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Most connections at once; further ones are closed at once.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
