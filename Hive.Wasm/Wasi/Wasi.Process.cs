using System.Buffers.Binary;

namespace Hive.Wasm;

public sealed partial class Wasi
{
    private const int RandomSlice = 1 << 16;
    private const int SubscriptionSize = 48;
    private const int EventSize = 32;
    private const int MaxSubscriptions = 1024;

    private static Errno CopyStrings(Memory memory, byte[][] strings, int pointers, int buffer)
    {
        var at = (uint)buffer;
        for (var i = 0; i < strings.Length; i++)
        {
            memory.Write((uint)pointers + 4L * i, at);
            strings[i].CopyTo(memory.GetSpan(at, strings[i].Length));
            at += (uint)strings[i].Length;
        }

        return Errno.Success;
    }

    private static Errno Sizes(Memory memory, byte[][] strings, int count, int bytes)
    {
        memory.Write((uint)count, strings.Length);
        memory.Write((uint)bytes, strings.Sum(text => text.Length));
        return Errno.Success;
    }

    private Errno ClockResolution(Memory memory, int clock, int result)
    {
        if (clock is < 0 or > 3) return Errno.Invalid;
        memory.Write((uint)result, Math.Max(1, _configuration.ClockStep));
        return Errno.Success;
    }

    /// <summary>Clock 0 is real time; the others count from the start of the program.</summary>
    private Errno ClockTime(Memory memory, int clock, int result)
    {
        if (clock is < 0 or > 3) return Errno.Invalid;
        _elapsed += _configuration.ClockStep;
        memory.Write((uint)result, clock == 0 ? _configuration.ClockStart + _elapsed : _elapsed);
        return Errno.Success;
    }

    private Errno Random(Caller caller, Memory memory, int buffer, int length)
    {
        if (length < 0) return Errno.Invalid;
        Span<byte> word = stackalloc byte[8];
        for (var done = 0; done < length; done += RandomSlice)
        {
            var slice = memory.GetSpan((uint)buffer + (long)done, Math.Min(RandomSlice, length - done));
            caller.ChargeBytes(slice.Length);
            for (var i = 0; i < slice.Length; i += 8)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(word, NextRandom());
                word[..Math.Min(8, slice.Length - i)].CopyTo(slice[i..]);
            }
        }

        return Errno.Success;
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood, 2014).</summary>
    private ulong NextRandom()
    {
        _random += 0x9e3779b97f4a7c15;
        var mixed = (_random ^ (_random >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Nothing ever blocks: descriptors are ready, and waiting for a clock moves it.</summary>
    private Errno Poll(Memory memory, int subscriptions, int events, int count, int result)
    {
        if (count is <= 0 or > MaxSubscriptions) return Errno.Invalid;
        ulong longest = 0;
        for (var i = 0; i < count; i++)
        {
            var subscription = memory.GetSpan((uint)subscriptions + (long)SubscriptionSize * i, SubscriptionSize);
            var kind = subscription[8];
            if (kind == 0) longest = Math.Max(longest, Wait(subscription));
            var happened = memory.GetSpan((uint)events + (long)EventSize * i, EventSize);
            var userData = BinaryPrimitives.ReadUInt64LittleEndian(subscription);
            happened.Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(happened, userData);
            happened[10] = kind;
        }

        _elapsed += longest;
        memory.Write((uint)result, count);
        return Errno.Success;
    }

    private ulong Wait(ReadOnlySpan<byte> subscription)
    {
        var clock = BinaryPrimitives.ReadUInt32LittleEndian(subscription[16..]);
        var timeout = BinaryPrimitives.ReadUInt64LittleEndian(subscription[24..]);
        var isAbsolute = (subscription[40] & 1) != 0;
        if (!isAbsolute) return timeout;
        var now = clock == 0 ? _configuration.ClockStart + _elapsed : _elapsed;
        return timeout > now ? timeout - now : 0;
    }
}
