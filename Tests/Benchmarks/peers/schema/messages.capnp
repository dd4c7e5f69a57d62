# SPDX-License-Identifier: Apache-2.0

# The four messages of ../../schemas. Constants of a schema are not sent.

@0xb1f6d3b6a5c0e9d7;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("cp");

struct Car {
  serialNumber @0 :UInt32;
  modelYear @1 :UInt16;
  available @2 :Bool;
  code @3 :UInt8;
  someNumbers @4 :List(Int32);
  vehicleCode @5 :Text;
  extras @6 :UInt8;
  engine @7 :Engine;
  fuelFigures @8 :List(FuelFigure);
  performanceFigures @9 :List(PerformanceFigure);
  manufacturer @10 :Text;
  model @11 :Text;

  struct Engine {
    capacity @0 :UInt16;
    numCylinders @1 :UInt8;
    manufacturerCode @2 :Text;
  }
  struct FuelFigure {
    speed @0 :UInt16;
    mpg @1 :Float32;
  }
  struct Acceleration {
    mph @0 :UInt16;
    seconds @1 :Float32;
  }
  struct PerformanceFigure {
    octaneRating @0 :UInt8;
    acceleration @1 :List(Acceleration);
  }
}

struct MarketData {
  transactTime @0 :UInt64;
  eventTimeDelta @1 :UInt16;
  matchEventIndicator @2 :UInt8;
  entries @3 :List(Entry);

  struct Entry {
    tradeId @0 :UInt64;
    securityId @1 :UInt64;
    price @2 :Int64;
    size @3 :Int32;
    numberOfOrders @4 :UInt16;
    updateAction @5 :UInt8;
    rptSeq @6 :UInt8;
    aggressorSide @7 :UInt8;
  }
}

enum Fruit {
  apples @0;
  pears @1;
  bananas @2;
}

struct Foo {
  id @0 :UInt64;
  count @1 :Int16;
  prefix @2 :Int8;
  length @3 :UInt32;
}

struct Bar {
  parent @0 :Foo;
  time @1 :Int32;
  ratio @2 :Float32;
  size @3 :UInt16;
}

struct FooBar {
  sibling @0 :Bar;
  name @1 :Text;
  rating @2 :Float64;
  postfix @3 :UInt8;
}

struct FooBarContainer {
  list @0 :List(FooBar);
  initialized @1 :Bool;
  fruit @2 :Fruit;
  location @3 :Text;
}

struct LogRecord {
  address @0 :Address;
  identity @1 :Text;
  userid @2 :Text;
  date @3 :Text;
  request @4 :Text;
  code @5 :UInt16;
  size @6 :UInt64;

  struct Address {
    x0 @0 :UInt8;
    x1 @1 :UInt8;
    x2 @2 :UInt8;
    x3 @3 :UInt8;
  }
}
